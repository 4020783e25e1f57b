# SPDX-License-Identifier: Apache-2.0
"""Mails at the end of a job (S22): at least once, not to those who watched, no header by injection."""
import email
import email.policy
import socket
import ssl
import time
import urllib.parse

import pytest
from conftest import Mailbox, certificate, free_port

controller = pytest.importorskip("aiosmtpd.controller", reason="python3-aiosmtpd is not installed")
smtp_server = pytest.importorskip("aiosmtpd.smtp")


@pytest.fixture(scope="module")
def mailing(make_server, mailbox):
    return make_server("--smtp-url", f"smtp://127.0.0.1:{mailbox.port}", "--smtp-from", "cad@example.com",
                       "--mail-grace", "2")


@pytest.fixture(autouse=True)
def empty(mailbox):
    mailbox.mails.clear()
    mailbox.refuse = 0


def wait_for_mail(mailbox, count=1, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end and len(mailbox.mails) < count:
        time.sleep(0.05)
    assert len(mailbox.mails) == count
    return mailbox.mails


def states(server):
    with server.database() as database:
        return dict(database.execute("SELECT job_id, state FROM deliveries WHERE kind = 'mail'").fetchall())


def wait_for_state(server, job_id, state, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if states(server).get(job_id) == state:
            return
        time.sleep(0.05)
    raise AssertionError(f"{states(server).get(job_id)} instead of {state}")


def wait_for_try(server, job_id, seconds=60):
    """Until a mail was tried once; why that failed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with server.database() as database:
            row = database.execute("SELECT error FROM attempts JOIN deliveries ON id = delivery_id "
                                   "WHERE job_id = ? AND kind = 'mail'", (job_id,)).fetchone()
        if row:
            return row[0]
        time.sleep(0.05)
    raise AssertionError("no mail was tried")


def test_S22_a_mail_tells_the_end(mailing, mailbox, house):
    job = mailing.client().submit(house, name="Gru\u00dfe \u2603.dxf", data={"notifyEmail": "ann@example.com"})
    sender, receivers, mail = wait_for_mail(mailbox)[0]
    assert sender == "cad@example.com" and receivers == ["ann@example.com"]
    assert mail["Subject"] == "Ready: Gru\u00dfe \u2603.dxf"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert job in mail.get_content()


def test_S22_a_mail_server_that_is_busy_is_asked_again(mailing, mailbox, house):
    mailbox.refuse = 1
    job = mailing.client().submit(house, data={"notifyEmail": "ann@example.com"})
    wait_for_mail(mailbox)
    wait_for_state(mailing, job, "DELIVERED")


def test_S22_who_watched_the_end_gets_no_mail(mailing, mailbox, house):
    client = mailing.client()
    to = {"notifyEmail": "ann@example.com"}
    polled = client.submit(house, data=to)
    while client.get(f"/v1/jobs/{polled}?watch=1").json()["status"] != "COMPLETED":
        time.sleep(0.01)
    waited = client.parse(house, data={**to, "mode": "sync"}).json()["job_id"]
    streamed = client.submit(house, data=to)
    assert "event: completed" in client.get(f"/v1/jobs/{streamed}/events", stream=True).text
    for job in (polled, waited, streamed):
        wait_for_state(mailing, job, "SKIPPED")
    assert mailbox.mails == []


def test_S22_who_looked_in_while_it_ran_still_gets_the_mail(mailing, mailbox, house):
    client = mailing.client()
    job = client.submit(house, data={"notifyEmail": "ann@example.com"})
    with mailing.database() as database:
        database.execute("UPDATE jobs SET watched = 0 WHERE id = ?", (job,))
    assert client.wait(job)["status"] == "COMPLETED"  # without ?watch=1
    wait_for_mail(mailbox)


@pytest.mark.parametrize("name", ["x\r\nBcc: eve@example.com\r\n.dxf", "x\nSubject: y.dxf", "=?UTF-8?B?eA==?=.dxf"])
def test_S22_a_file_name_adds_no_header(mailing, mailbox, house, name):
    # The name as the form carries it: line breaks come percent-encoded from browsers, raw from others.
    boundary = "b0undary"
    body = (f'--{boundary}\r\nContent-Disposition: form-data; name="notifyEmail"\r\n\r\nann@example.com\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename*=UTF-8\'\''
            f'{urllib.parse.quote(name)}\r\n\r\n').encode() + house + f"\r\n--{boundary}--\r\n".encode()
    answer = mailing.client().call("POST", "/v1/parse", data=body,
                                   headers={"Content-Type": f"multipart/form-data; boundary={boundary}"})
    assert answer.status_code in (202, 400), answer.text
    if answer.status_code == 400:
        return
    _, receivers, mail = wait_for_mail(mailbox)[0]
    assert receivers == ["ann@example.com"]
    assert mail.keys() == ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version",
                           "Content-Type", "Content-Transfer-Encoding"]


@pytest.mark.parametrize("address", ["a@b", "a b@example.com", "a@example.com,b@example.com", "<a@example.com>",
                                     "a@example.com\r\nBcc: b@example.com", "\"a\"@example.com", "a@exam ple.com"])
def test_S22_only_plain_addresses_are_taken(mailing, house, address):
    answer = mailing.client().parse(house, data={"notifyEmail": address})
    assert answer.status_code == 400
    assert "notifyEmail" in answer.json()["details"]["fieldErrors"]


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "unknown issuer"])
def test_S22_login_and_mail_are_encrypted(make_server, house, tmp_path, scheme, trusted):
    """TLS from the start, or by STARTTLS; the password goes to no one else."""
    cert, key = certificate(tmp_path / "tls", "mail.test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    box, logins = Mailbox(), []

    def login(_server, session, _envelope, _mechanism, data):
        logins.append((data.login, data.password, session.ssl is not None))
        return smtp_server.AuthResult(success=True)

    implicit = {"ssl_context": context, "auth_require_tls": False}
    smtp = controller.Controller(box, hostname="127.0.0.1", port=free_port(), authenticator=login, auth_required=True,
                                 **(implicit if scheme == "smtps" else {"tls_context": context, "require_starttls": True}))
    smtp.start()
    try:
        server = make_server(
            "--smtp-url", f"{scheme}://127.0.0.1:{smtp.port}", "--smtp-from", "cad@example.com", "--mail-grace", "0",
            *(["--smtp-ca", str(cert)] if trusted else []),
            environment={"CADLENS_SMTP_USER": "cad", "CADLENS_SMTP_PASSWORD": "of this test"})
        job = server.client().submit(house, data={"notifyEmail": "ann@example.com"})
        if trusted:
            assert wait_for_mail(box)[0][1] == ["ann@example.com"]
            assert [(name, password) for name, password, _ in logins] == [(b"cad", b"of this test")]
            assert scheme == "smtps" or logins[0][2]
        else:
            why = wait_for_try(server, job)
            assert "certificate" in why or "SSL" in why
            assert not box.mails and not logins
    finally:
        smtp.stop()


def test_S22_the_mail_password_is_read_from_the_environment_and_settings_are_checked(make_server):
    with pytest.raises(AssertionError, match="--smtp-from"):
        make_server("--smtp-url", "smtp://127.0.0.1:25")
    with pytest.raises(AssertionError, match="CADLENS_SMTP_PASSWORD"):
        make_server("--smtp-url", "smtp://user:secret@127.0.0.1:25", "--smtp-from", "cad@example.com")
