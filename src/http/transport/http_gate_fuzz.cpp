// SPDX-License-Identifier: Apache-2.0
// Any bytes as a connection, through everything that a request passes before a file is judged:
// head, target, origin, body, form. No crash, and how the bytes are cut makes no difference.
#include <algorithm>
#include <cstdlib>

#include "http/multipart.hpp"
#include "http/transport/body_decoder.hpp"
#include "http/transport/exposure.hpp"
#include "http/transport/guard.hpp"
#include "http/transport/head.hpp"

namespace {

using namespace cad::http;

struct Collector : PartReceiver {
  cad::Result<void> begin(const PartHeader& part) override {
    log += "part " + part.name + '\n' + part.file_name + '\n';
    return {};
  }
  cad::Result<void> data(std::span<const std::byte> bytes) override {
    log.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  cad::Result<void> end() override {
    log += "end\n";
    return {};
  }
  std::string log;
};

// As a session reads it: bytes come in pieces of `step`, and are used as soon as they are there.
class Connection {
 public:
  Connection(std::string_view bytes, std::size_t step) : bytes_(bytes), step_(step) {}

  std::string run() {
    while (request()) {
    }
    return std::move(log_);
  }

 private:
  bool more() {
    if (come_ == bytes_.size()) return false;
    come_ = std::min(come_ + step_, bytes_.size());
    return true;
  }
  std::string_view view() const { return bytes_.substr(used_, come_ - used_); }

  bool request() {
    HeadScanner scanner(2048);
    std::optional<std::size_t> end;
    while (!end) {
      const auto found = scanner.scan(view());
      if (!found) return refused(found.error());
      end = *found;
      if (!end && !more()) return false;
    }
    auto head = parse_head(view().substr(0, *end), 40);
    used_ += *end;
    if (!head) return refused(head.error());
    Request request;
    request.method = head->method;
    request.headers = head->headers;
    request.arrival.peer = "10.0.0.1";
    if (const auto parsed = parse_target(head->target, request); !parsed)
      return refused(parsed.error());
    judge(request);
    return body(*head, request) && head->keep_alive;
  }

  void judge(const Request& request) {
    TransportPolicy policy;
    (void)policy.proxies.add("10.0.0.0/8");
    for (const auto header : {ProxyHeader::x_forwarded, ProxyHeader::forwarded}) {
      policy.header = header;
      const Origin origin = origin_of(request.arrival, request.headers, policy);
      if (!cad::net::parse_ip(origin.client))
        std::abort();  // the client's address is one, whatever was sent
      log_ += origin.client + (origin.exposed ? " exposed\n" : "\n");
    }
    if (const auto exposure = find_exposure(request)) {
      log_ += exposure->where + '\n';
      if (exposure->key_prefix.size() > 12) std::abort();
    }
  }

  bool body(const RequestHead& head, const Request& request) {
    BodyDecoder decoder(head);
    const auto boundary = boundary_of(request.headers.find("Content-Type").value_or(""));
    std::optional<MultipartParser> form;
    if (boundary) form.emplace(*boundary);
    Collector collector;
    std::array<std::byte, 100> block;
    std::uint64_t total = 0;
    while (!decoder.done()) {
      const auto step = decoder.decode(view(), block);
      if (!step) return refused(step.error());
      used_ += step->used;
      total += step->made;
      if (head.length && total > *head.length) std::abort();
      if (form && step->made > 0 && !form->feed(std::span(block).first(step->made), collector)) {
        form.reset();
        collector.log = "no form";
      }
      if (step->used == 0 && !more()) break;
    }
    // What a form gave before it was refused or cut depends on the cuts; nothing is kept of it.
    if (decoder.done() && (!form || form->finish())) log_ += collector.log;
    log_ += decoder.done() ? "whole\n" : "cut\n";
    return decoder.done();
  }

  bool refused(const cad::Error& error) {
    log_ += std::string(to_string(error.code)) + ' ' + error.message + '\n';
    return false;
  }

  std::string_view bytes_;
  std::size_t step_, come_ = 0, used_ = 0;
  std::string log_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = Connection(bytes, size + 1).run();
  for (const std::size_t step : {1u, 7u})
    if (Connection(bytes, step).run() != whole) std::abort();
  return 0;
}
