// SPDX-License-Identifier: Apache-2.0
// The component set: React Aria's behavior, our looks. Pages take components from here alone.
export { Badge, type Tone } from "./badge";
export { Button, IconButton, LinkButton } from "./button";
export { Card, Page, Stack, useTitle, Inset } from "./layout";
export { ConfirmDialog, Dialog } from "./dialog";
export { CopyField } from "./copy_field";
export { Form, FormActions, type Submission, useSubmission } from "./form";
export { Checkbox, Choice, SwitchField, TextArea, TextField } from "./fields";
export { FileButton } from "./file_button";
export { Empty, Failure, Loading, Notice } from "./states";
export { Menu } from "./menu";
export { More } from "./more";
export { OverlayPlace } from "./overlay_place";
export { Progress } from "./progress";
export { SearchBox, type SearchHit } from "./search_box";
export { SearchChoice } from "./search_choice";
export { ShownOnce } from "./shown_once";
export { Table, type Column } from "./table";
export { Tabs, type TabItem } from "./tabs";
export { say, Toasts } from "./toast";
export { bytes, date_time, day, duration, number, relative, Time, utc_day } from "./format";
