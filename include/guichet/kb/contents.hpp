#pragma once
#include <guichet/model/article.hpp>

#include <type_traits>

/// What an article says, member by member: the members have the same names in the article, in the commands that write
/// and revise it and in their events. Each visitor is called with the member's name and a function that finds it.
namespace guichet::inline v0::kb {

#define GUICHET_ARTICLE_MEMBER(name)                                                                                   \
    visit(                                                                                                             \
        #name, [](auto& of) -> auto& { return of.name; })

/// Free texts, which are kept apart and can be erased.
template <class Visitor>
void each_text_member(Visitor&& visit) {
    GUICHET_ARTICLE_MEMBER(title);
    GUICHET_ARTICLE_MEMBER(symptom);
    GUICHET_ARTICLE_MEMBER(body);
    GUICHET_ARTICLE_MEMBER(cause);
    GUICHET_ARTICLE_MEMBER(workaround);
    GUICHET_ARTICLE_MEMBER(attached);
}

/// Values and lists.
template <class Visitor>
void each_plain_member(Visitor&& visit) {
    GUICHET_ARTICLE_MEMBER(language);
    GUICHET_ARTICLE_MEMBER(category);
    GUICHET_ARTICLE_MEMBER(tags);
    GUICHET_ARTICLE_MEMBER(audience);
    GUICHET_ARTICLE_MEMBER(kind);
    GUICHET_ARTICLE_MEMBER(fix_version);
    GUICHET_ARTICLE_MEMBER(assets);
    GUICHET_ARTICLE_MEMBER(see_also);
    GUICHET_ARTICLE_MEMBER(translates);
    GUICHET_ARTICLE_MEMBER(revises);
}

/// What may be missing and has no empty value of its own.
template <class Visitor>
void each_clearable_member(Visitor&& visit) {
    GUICHET_ARTICLE_MEMBER(problem);
    GUICHET_ARTICLE_MEMBER(valid_from);
    GUICHET_ARTICLE_MEMBER(valid_until);
    GUICHET_ARTICLE_MEMBER(review_by);
    GUICHET_ARTICLE_MEMBER(translation_of);
}

#undef GUICHET_ARTICLE_MEMBER

template <class Visitor>
void each_member(Visitor&& visit) {
    each_text_member(visit);
    each_plain_member(visit);
    each_clearable_member(visit);
}

template <class T>
void make_empty(T& value) {
    value = T{};
}

} // namespace guichet::inline v0::kb
