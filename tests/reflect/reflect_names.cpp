#include "cairn/reflect/detail/member_names.hpp"
#include "cairn/reflect/detail/reflect.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using cairn::reflect::detail::member_name;

namespace {

struct InAnonymousNamespace {
  int of_anonymous_namespace;
};

struct {
  int of_unnamed;
} unnamed;

typedef struct {
  int of_typedef;
} ByTypedef;

struct Text {
  char letters[6] = ".)}:>";
};

template <auto argument, class... Types>
struct WithArguments {
  int after_argument;
};

template <class T>
std::string_view name_in_template(T) {
  struct Local {
    T local_to_template;
  };
  return member_name<Local, 0>();
}

}  // namespace

namespace named::deeply {
template <class T>
struct Outer {
  template <class U>
  struct Inner {
    T first;
    U second;
  };
};
}  // namespace named::deeply

TEST_CASE("names are read wherever the struct is declared") {
  struct Local {
    int local_member = 0;
  };
  CHECK(member_name<Local, 0>() == "local_member");
  CHECK(member_name<InAnonymousNamespace, 0>() == "of_anonymous_namespace");
  CHECK(member_name<decltype(unnamed), 0>() == "of_unnamed");
  CHECK(member_name<ByTypedef, 0>() == "of_typedef");
  CHECK(member_name<named::deeply::Outer<int>::Inner<Local>, 1>() == "second");
  CHECK(name_in_template(1) == "local_to_template");
  CHECK(name_in_template(Local{}) == "local_to_template");
  const auto name_in_lambda = [](auto value) {
    struct InLambda {
      decltype(value) local_to_lambda;
    };
    return member_name<InLambda, 0>();
  };
  CHECK(name_in_lambda(1) == "local_to_lambda");
  static_cast<void>(unnamed);
}

TEST_CASE("template arguments do not end a name") {
  CHECK(member_name<WithArguments<'.'>, 0>() == "after_argument");
  CHECK(member_name<WithArguments<')'>, 0>() == "after_argument");
  CHECK(member_name<WithArguments<'}'>, 0>() == "after_argument");
  CHECK(member_name<WithArguments<':'>, 0>() == "after_argument");
  CHECK(member_name<WithArguments<'"'>, 0>() == "after_argument");
  CHECK(member_name<WithArguments<Text{}, Text, std::string>, 0>() == "after_argument");
  CHECK(member_name<WithArguments<&unnamed>, 0>() == "after_argument");
}

TEST_CASE("a name may be of any length and any letters") {
  struct Letters {
    int a;
    int größe;
    int 重み;
    int _under_score_9;
    int a_name_that_goes_on_for_so_long_that_nobody_would_like_to_type_it_a_second_time_even_in_a_test_of_long_names;
  };
  CHECK(member_name<Letters, 0>() == "a");
  CHECK(member_name<Letters, 1>() == "größe");
  CHECK(member_name<Letters, 2>() == "重み");
  CHECK(member_name<Letters, 3>() == "_under_score_9");
  CHECK(member_name<Letters, 4>().size() == 108);
}

TEST_CASE("members of one name in two structs are two names") {
  struct First {
    int step, epoch;
  };
  struct Second {
    int epoch, step;
  };
  CHECK(member_name<First, 0>() == member_name<Second, 1>());
  CHECK(member_name<First, 0>() != member_name<Second, 0>());
}
