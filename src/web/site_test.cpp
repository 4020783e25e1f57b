// SPDX-License-Identifier: Apache-2.0
#include "web/site.hpp"

#include <gtest/gtest.h>

#include <array>

namespace cad::web {
namespace {

constexpr File at(std::string_view path) { return {path, "", "", "", "", ""}; }

constexpr File kApp = at("/index.html"), kReference = at("/reference.html");
constexpr std::array kFiles{at("/assets/a.css"), at("/assets/b.js"), at("/icon.svg")};
constexpr std::array kDocuments{Document{"/", &kApp},
                                Document{"/drawings", &kApp},
                                Document{"/drawings/:id", &kApp},
                                Document{"/drawings/:id/view", &kApp},
                                Document{"/docs/:guide", &kApp},
                                Document{"/docs/reference", &kReference}};
constexpr Site kSite{kFiles, kDocuments, &kApp};

std::string document_of(const std::vector<std::string>& segments) {
  const File* file = find_document(kSite, segments);
  return file == nullptr ? "none" : std::string(file->path);
}

TEST(Site, files_are_found_by_their_whole_path_alone) {
  for (const File& file : kFiles) EXPECT_EQ(find_file(kSite, file.path), &file);
  for (const char* other : {"", "/", "/assets", "/assets/", "/assets/a", "/assets/a.css/",
                            "/assets/a.css2", "/ASSETS/a.css", "/zzz", "/index.html"})
    EXPECT_EQ(find_file(kSite, other), nullptr) << other;
}

TEST(Site, documents_answer_the_paths_of_the_table) {
  EXPECT_EQ(document_of({""}), "/index.html");
  EXPECT_EQ(document_of({"drawings"}), "/index.html");
  EXPECT_EQ(document_of({"drawings", ""}), "/index.html");
  EXPECT_EQ(document_of({"drawings", "job_1"}), "/index.html");
  EXPECT_EQ(document_of({"drawings", "job_1", "view"}), "/index.html");
  EXPECT_EQ(document_of({"docs", "quickstart"}), "/index.html");
}

TEST(Site, the_most_literal_pattern_wins_wherever_it_stands) {
  EXPECT_EQ(document_of({"docs", "reference"}), "/reference.html");
}

TEST(Site, other_paths_have_no_document) {
  for (const std::vector<std::string>& path :
       std::vector<std::vector<std::string>>{{"", ""},
                                             {"drawing"},
                                             {"Drawings"},
                                             {"drawings", "", "view"},
                                             {"drawings", "job_1", "views"},
                                             {"drawings", "job_1", "view", "x"},
                                             {"drawings", "job_1", "", ""},
                                             {"docs"},
                                             {":id"},
                                             {"index.html"},
                                             {"drawings/job_1"}})
    EXPECT_EQ(document_of(path), "none") << path.front();
}

TEST(Site, an_app_that_is_left_out_answers_nothing) {
  EXPECT_EQ(find_file(Site{}, "/icon.svg"), nullptr);
  EXPECT_EQ(find_document(Site{}, {""}), nullptr);
}

}  // namespace
}  // namespace cad::web
