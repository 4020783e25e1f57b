// SPDX-License-Identifier: Apache-2.0
export const kPasswordHint = "8 characters or more, and none of the common ones. A few words that only you put together are good.";
