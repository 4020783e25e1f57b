// SPDX-License-Identifier: Apache-2.0
#include "sandbox/isolation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cad::sandbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Isolation complete() {
  Isolation all;
  all.seccomp = all.no_new_privs = all.rlimits = true;
  all.capabilities = all.not_dumpable = all.namespaces = true;
  all.landlock = 6;
  return all;
}

TEST(Isolation, S18_the_line_says_what_it_was_made_of) {
  for (bool Isolation::*layer : {&Isolation::seccomp, &Isolation::no_new_privs, &Isolation::rlimits,
                                 &Isolation::capabilities, &Isolation::not_dumpable,
                                 &Isolation::empty_root, &Isolation::namespaces}) {
    Isolation one = complete();
    one.*layer = !(one.*layer);
    EXPECT_EQ(isolation_from_line(to_line(one)), one);
  }
  EXPECT_EQ(isolation_from_line(to_line({})), Isolation{});
}

TEST(Isolation, S18_no_other_line_is_believed) {
  const std::string good = to_line(complete());
  for (const std::string& line :
       {std::string(), std::string("isolation"), good + " ", good + " more=1",
        good.substr(0, good.size() - 1), good + "x", "x" + good, good + " landlock=1",
        std::string("isolation seccomp=2"), std::string("isolation seccomp=yes")})
    EXPECT_FALSE(isolation_from_line(line)) << line;
}

TEST(Isolation, S18_a_missing_minimum_refuses_to_serve_and_says_what) {
  EXPECT_TRUE(check_minimum(complete()));
  const auto refusal = [](auto change) {
    Isolation less = complete();
    change(less);
    const auto checked = check_minimum(less);
    return checked ? std::string("serves") : checked.error().message;
  };
  EXPECT_THAT(refusal([](Isolation& i) { i.seccomp = false; }), HasSubstr("missing: seccomp."));
  EXPECT_THAT(refusal([](Isolation& i) { i.no_new_privs = false; }),
              HasSubstr("missing: no_new_privs."));
  EXPECT_THAT(refusal([](Isolation& i) { i.rlimits = false; }),
              HasSubstr("missing: resource limits."));
  EXPECT_THAT(refusal([](Isolation& i) { i.landlock = 0; }),
              HasSubstr("missing: Landlock or an empty root."));
  EXPECT_THAT(refusal([](Isolation& i) { i = {}; }),
              HasSubstr("missing: seccomp, no_new_privs, resource limits, Landlock or an empty"));
}

TEST(Isolation, S18_an_empty_root_stands_in_for_landlock) {
  Isolation rooted = complete();
  rooted.landlock = 0;
  rooted.empty_root = true;
  EXPECT_TRUE(check_minimum(rooted));
}

TEST(Isolation, S18_what_is_missing_but_not_needed_is_named) {
  EXPECT_THAT(missing_layers(complete()), IsEmpty());
  Isolation less = complete();
  less.namespaces = false;
  EXPECT_TRUE(check_minimum(less));
  EXPECT_THAT(missing_layers(less), ElementsAre("namespaces"));
  less.landlock = 0;
  EXPECT_THAT(missing_layers(less), ElementsAre("namespaces", "landlock", "empty_root"));
  less.empty_root = true;
  EXPECT_THAT(missing_layers(less), ElementsAre("namespaces", "landlock"));
}

}  // namespace
}  // namespace cad::sandbox
