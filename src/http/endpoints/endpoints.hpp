// SPDX-License-Identifier: Apache-2.0
// One function an endpoint, one file each. See schema/openapi.yaml.
#pragma once

#include "http/call.hpp"

namespace cad::http {

inline constexpr std::string_view kSecurityTxtPath = "/.well-known/security.txt";

Answer post_parse(Call& call);
Answer get_jobs(Call& call);
Answer get_job(Call& call);
Answer delete_job(Call& call);
Answer get_upload(Call& call);
Answer get_result(Call& call);
Answer get_summary(Call& call);
Answer get_image(Call& call);
Answer get_events(Call& call);
Answer get_entities(Call& call);
Answer get_scene(Call& call);
Answer get_formats(Call& call);
Answer get_usage(Call& call);
Answer get_logs(Call& call);
Answer get_pricing(Call& call);
Answer get_preview(Call& call);
Answer get_live(Call& call);
Answer get_health(Call& call);
Answer get_security_txt(Call& call);
Answer get_ready(Call& call);
Answer get_openapi(Call& call);
Answer get_jwks(Call& call);

Answer post_contact(Call& call);
Answer post_waitlist(Call& call);
Answer get_auth_options(Call& call);
Answer post_one_time(Call& call);
Answer post_set_up(Call& call);
Answer post_register(Call& call);
Answer post_verify_email(Call& call);
Answer post_login(Call& call);
Answer post_refresh(Call& call);
Answer post_logout(Call& call);
Answer post_forgot_password(Call& call);
Answer post_reset_password(Call& call);
Answer post_change_password(Call& call);
Answer post_change_email(Call& call);
Answer post_confirm_email(Call& call);
Answer get_sessions(Call& call);
Answer delete_session(Call& call);
Answer delete_other_sessions(Call& call);
Answer get_me(Call& call);
Answer get_profile(Call& call);
Answer put_profile(Call& call);
Answer delete_account(Call& call);
Answer get_oauth(Call& call);
Answer get_oauth_callback(Call& call);
Answer post_oauth_exchange(Call& call);
Answer post_oauth_link(Call& call);
Answer delete_oauth_link(Call& call);
Answer get_keys(Call& call);
Answer post_keys(Call& call);
Answer delete_key(Call& call);
Answer post_rotate_key(Call& call);
Answer get_webhooks(Call& call);
Answer post_webhooks(Call& call);
Answer patch_webhook(Call& call);
Answer delete_webhook(Call& call);
Answer get_webhook_secret(Call& call);
Answer post_webhook_secret(Call& call);
Answer post_endpoint_secret(Call& call);
Answer post_webhook_test(Call& call);
Answer get_deliveries(Call& call);
Answer get_delivery(Call& call);
Answer post_resend(Call& call);

}  // namespace cad::http
