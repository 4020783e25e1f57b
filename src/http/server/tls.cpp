// SPDX-License-Identifier: Apache-2.0
#include "http/server/tls.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "base/unique_fd.hpp"

namespace cad::http::detail {
namespace {

constexpr std::size_t kMaxFile = 1u << 20;
// The keys of session tickets live and die with their context: recorded traffic stays closed.
constexpr std::chrono::hours kTicketKeyLife{12};

constexpr const char* kCiphers12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kCiphers13 =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* value) const {
    Free(value);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Freed<X509_free>>;

tl::unexpected<Error> refuse(std::string message) {
  ERR_clear_error();
  return fail(ErrorCode::invalid_argument, std::move(message));
}

// A file's bytes, gone from memory with it.
struct Secret {
  std::string bytes;
  ~Secret() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
};

Result<void> read_file(const std::string& path, bool is_key, Secret& out) {
  const std::string what = (is_key ? "The TLS key file " : "The TLS certificate file ") + path;
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) return refuse(what + " cannot be opened.");
  if (!S_ISREG(info.st_mode)) return refuse(what + " is no regular file.");
  if (is_key && (info.st_mode & 0027) != 0)
    return refuse(what +
                  " can be read by others, or changed by its group; its mode must be 0600 or 0640 "
                  "(chmod 600 " +
                  path + ").");
  if (info.st_size > static_cast<off_t>(kMaxFile)) return refuse(what + " is too large.");
  out.bytes.resize(kMaxFile);
  std::size_t used = 0;
  while (used < out.bytes.size()) {
    const ssize_t count = ::read(file.get(), out.bytes.data() + used, out.bytes.size() - used);
    if (count < 0) return refuse(what + " cannot be read.");
    if (count == 0) break;
    used += static_cast<std::size_t>(count);
  }
  out.bytes.resize(used);
  return {};
}

int no_password(char*, int, int, void*) { return 0; }

Result<void> use_chain(SSL_CTX* context, const std::string& path) {
  Secret text;
  CAD_TRY(read_file(path, false, text));
  const Bio bio(BIO_new_mem_buf(text.bytes.data(), static_cast<int>(text.bytes.size())));
  const Cert leaf(PEM_read_bio_X509_AUX(bio.get(), nullptr, no_password, nullptr));
  if (!leaf) return refuse("The TLS certificate file " + path + " holds no PEM certificate.");
  if (SSL_CTX_use_certificate(context, leaf.get()) != 1)
    return refuse("The TLS certificate in " + path +
                  " cannot be used: its key or signature is too weak.");
  while (true) {
    Cert next(PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr));
    if (!next) break;
    if (SSL_CTX_add0_chain_cert(context, next.get()) != 1)
      return refuse("A certificate of the chain in " + path + " cannot be used.");
    (void)next.release();
  }
  ERR_clear_error();  // the end of the file is one, too
  return {};
}

Result<void> use_key(SSL_CTX* context, const std::string& path) {
  Secret text;
  CAD_TRY(read_file(path, true, text));
  const Bio bio(BIO_new_mem_buf(text.bytes.data(), static_cast<int>(text.bytes.size())));
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  if (!key)
    return refuse("The TLS key file " + path +
                  " holds no PEM private key, or one with a password (remove it with: openssl pkey "
                  "-in KEY -out NEW).");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return refuse("The TLS key in " + path + " is not that of the certificate.");
  return {};
}

// HTTP/1.1 is all we speak; a client that speaks others only hears so at once (RFC 7301, 3.2).
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned int size, void*) {
  static constexpr std::array<unsigned char, 9> kOurs{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kOurs.data(), kOurs.size(), offered, size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

Result<std::shared_ptr<SSL_CTX>> make_context(const TlsFiles& files) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return fail(ErrorCode::internal, "TLS cannot be set up.");
  SSL_CTX* const raw = context.get();
  SSL_CTX_set_security_level(raw, 2);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);  // tickets only
  static constexpr std::array<unsigned char, 7> kId{'c', 'a', 'd', 'l', 'e', 'n', 's'};
  const bool good = SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) == 1 &&
                    SSL_CTX_set_max_proto_version(raw, TLS1_3_VERSION) == 1 &&
                    SSL_CTX_set_cipher_list(raw, kCiphers12) == 1 &&
                    SSL_CTX_set_ciphersuites(raw, kCiphers13) == 1 &&
                    SSL_CTX_set1_groups_list(raw, "X25519:P-256:P-384") == 1 &&
                    SSL_CTX_set_num_tickets(raw, 1) == 1 &&
                    SSL_CTX_set_session_id_context(raw, kId.data(), kId.size()) == 1;
  if (!good) return fail(ErrorCode::internal, "TLS cannot be set up.");
  SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
  CAD_TRY(use_chain(raw, files.cert));
  CAD_TRY(use_key(raw, files.key));
  return context;
}

}  // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::open(TlsFiles files) {
  std::unique_ptr<TlsContext> out(new TlsContext(std::move(files)));
  out->stamp_ = out->stamp();
  CAD_ASSIGN(out->context_, make_context(out->files_));
  out->made_ = std::chrono::steady_clock::now();
  return out;
}

Result<bool> TlsContext::refresh() {
  const std::string stamp_now = stamp();
  const bool changed = stamp_now != stamp_;
  const auto now = std::chrono::steady_clock::now();
  if (!changed && now - made_ < kTicketKeyLife) return false;
  stamp_ = stamp_now;
  made_ = now;  // what fails now is not tried again until the files change
  CAD_ASSIGN(context_, make_context(files_));
  return changed;
}

std::string TlsContext::stamp() const {
  std::string out;
  for (const std::string& path : {files_.cert, files_.key}) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
      out += "- ";
      continue;
    }
    for (const auto part :
         {static_cast<long long>(info.st_ino), static_cast<long long>(info.st_size),
          static_cast<long long>(info.st_mode), static_cast<long long>(info.st_mtim.tv_sec),
          static_cast<long long>(info.st_mtim.tv_nsec)})
      out += std::to_string(part) + " ";
  }
  return out;
}

}  // namespace cad::http::detail

namespace cad::http {

Result<void> check_tls(const TlsFiles& files) {
  CAD_TRY(detail::TlsContext::open(files));
  return {};
}

}  // namespace cad::http
