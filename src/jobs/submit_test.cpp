// SPDX-License-Identifier: Apache-2.0
// The gate: what kind a file is, is decided by its content whatever its name says, and before
// anything is stored.
#include "jobs/submit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include <array>
#include <filesystem>

#include "formats/testing/zip_writer.hpp"
#include "jobs/fake_blobs.hpp"
#include "store/testing/accounts.hpp"

namespace cad::jobs {
namespace {

using namespace std::string_literals;

struct Kind {
  std::string_view extension;
  std::string content;
  std::string_view verdict;  // the format's name, or the code of the refusal
};

std::vector<Kind> kinds() {
  const std::string ascii = "0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n";
  const std::string binary = "AutoCAD Binary DXF\r\n\x1a\0\0\0SECTION\0"s;
  const std::string compound = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(600, '\0');
  std::string locked = "AC1027"s + std::string(0x7a, '\0');
  locked[0x18] = 1;
  const auto zip = [](std::string_view name) {
    return cad::testing::zip_of({{"[Content_Types].xml"}, {std::string(name)}});
  };
  return {{"dxf", ascii, "DXF"},
          {"DXF", binary, "DXF"},
          {"dwg", "AC1032"s + std::string(0x7a, '\0'), "DWG"},
          {"dwt", locked, "ENCRYPTED_DRAWING"},
          {"old.dwg", "AC1009"s + std::string(0x7a, '\0'), "UNSUPPORTED_VERSION"},
          {"dwf", "(DWF V06.00)" + zip("manifest.xml"), "UNSUPPORTED_FORMAT"},
          {"w2d", "(W2D V06.00)\r\n", "UNSUPPORTED_FORMAT"},
          {"dwfx", zip("DWFDocumentSequence.dwfseq"), "UNSUPPORTED_FORMAT"},
          {"dgn", "\x08\x09\xFE\x02"s + std::string(100, '\0'), "UNSUPPORTED_FORMAT"},
          {"3d.dgn", "\xC8\x09\xFE\x02"s + std::string(100, '\0'), "UNSUPPORTED_FORMAT"},
          {"v8.dgn", compound + "D\0g\0n\0~\0"s, "UNSUPPORTED_FORMAT"},
          {"pdf", "%PDF-1.7\n", "UNSUPPORTED_FORMAT"},
          {"locked.pdf", "%PDF-1.7\n<</Encrypt 5 0 R>>", "ENCRYPTED_DRAWING"},
          {"xlsx", zip("xl/workbook.xml"), "NOT_A_DRAWING"},
          {"docx", zip("word/document.xml"), "NOT_A_DRAWING"},
          {"doc", compound, "NOT_A_DRAWING"},
          {"png", "\x89PNG\r\n\x1a\n", "NOT_A_DRAWING"},
          {"exe", "MZ\x90", "NOT_A_DRAWING"},
          {"txt", "hello", "NOT_A_DRAWING"},
          {"", "", "NOT_A_DRAWING"}};
}

class GateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = std::filesystem::temp_directory_path() /
           ("cadlens-gate-" + std::to_string(::getpid()) + "-" +
            ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(dir_);
    database_ = store::open_sqlite((dir_ / "db").string()).value();
    ASSERT_TRUE(store::migrate(*database_, 1));
    store::ApiKey key;
    key.id = "key";
    key.account_id = "acc";
    ASSERT_TRUE(store::add_account_of(*database_, key));
    queue_ = queue::make_database_queue(*database_, 2);
    log_ =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>());
    services_ = std::make_unique<Services>(Services{*database_, blobs_, *queue_, events_,
                                                    in_flight_, signer_, *log_,
                                                    [] { return store::UnixMs{1}; }, Settings{}});
  }
  void TearDown() override {
    services_.reset();
    queue_.reset();
    database_.reset();
    std::filesystem::remove_all(dir_);
  }

  // The format's name, or the refusal's code. The content comes in pieces of `piece` bytes.
  std::string submit(std::string_view content, std::string_view name, std::size_t piece = 1 << 20) {
    Upload upload(*services_, {"key", "acc", "key", "parse"}, name);
    const auto bytes = std::as_bytes(std::span(content));
    Result<void> done;
    for (std::size_t at = 0; done && at < bytes.size(); at += piece)
      done = upload.write(bytes.subspan(at, std::min(piece, bytes.size() - at)));
    if (done) done = upload.end_of_file();
    if (!done) return std::string(to_string(done.error().code));
    const auto submitted = upload.finish({});
    return submitted ? submitted->job.format : std::string(to_string(submitted.error().code));
  }

  std::filesystem::path dir_;
  std::unique_ptr<store::Database> database_;
  FakeBlobs blobs_;
  std::unique_ptr<queue::Queue> queue_;
  EventHub events_;
  InFlight in_flight_;
  auth::UrlSigner signer_{std::array<std::uint8_t, 32>{}};
  std::shared_ptr<spdlog::logger> log_;
  std::unique_ptr<Services> services_;
};

TEST_F(GateTest, S16_every_kind_under_every_name_is_what_its_content_says) {
  int accepted = 0;
  for (const Kind& kind : kinds())
    for (const Kind& name : kinds()) {
      const std::string file = "plan." + std::string(name.extension);
      EXPECT_EQ(submit(kind.content, file), kind.verdict) << kind.extension << " as " << file;
      accepted += kind.verdict == "DXF" || kind.verdict == "DWG";
      ASSERT_EQ(blobs_.created, accepted) << "something refused was stored: " << kind.extension;
    }
  EXPECT_EQ(queue_->waiting().value(), accepted);
}

TEST_F(GateTest, S16_the_verdict_does_not_depend_on_how_the_bytes_arrive) {
  for (const Kind& kind : kinds())
    EXPECT_EQ(submit(kind.content, "plan", 1), kind.verdict) << kind.extension;
}

// The first block is judged, whatever the client sends after it.
TEST_F(GateTest, S16_a_refusal_comes_with_the_first_block_and_nothing_was_stored) {
  Upload upload(*services_, {"key", "acc", "key", "parse"}, "plan.dxf");
  const std::string block(4096, 'x');
  int written = 0;
  while (upload.write(std::as_bytes(std::span(block)))) ASSERT_LT(++written, 17);
  EXPECT_EQ(blobs_.created, 0);
}

TEST_F(GateTest, S16_names_are_data) {
  const auto name = [](const std::string& given) { return clean_file_name(given); };
  EXPECT_EQ(name("/etc/passwd"), "passwd");
  EXPECT_EQ(name("..\\..\\boot.ini"), "boot.ini");
  EXPECT_EQ(name("C:\\plans\\..\\a.dxf"), "a.dxf");
  EXPECT_EQ(name("a\0b.dxf"s), "ab.dxf");
  EXPECT_EQ(name("a\r\nSet-Cookie: x.dxf"), "aSet-Cookie: x.dxf");
  EXPECT_EQ(name("\x1b[31mred.dxf"), "[31mred.dxf");
  // Overrides and isolates of direction make a name look like another.
  EXPECT_EQ(name("plan\xe2\x80\xaegwd.exe"), "plangwd.exe");
  EXPECT_EQ(name("\xe2\x81\xa6"
                 "a\xe2\x81\xa9\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xa8\xef\xbb\xbf.dxf"),
            "a.dxf");
  EXPECT_EQ(name("\xe2\x80\xae"), "drawing");
  // Letters of scripts that run from right to left stay.
  EXPECT_EQ(name("\xd7\xaa\xd7\x95\xd7\x9b.dxf"), "\xd7\xaa\xd7\x95\xd7\x9b.dxf");
  EXPECT_EQ(name(std::string(4000, 'a')).size(), 255u);
  EXPECT_EQ(name(""), "drawing");
}

}  // namespace
}  // namespace cad::jobs
