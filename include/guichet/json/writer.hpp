#pragma once
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace guichet::inline v0::json {

/// Writes JSON text into a string, front to back, without building a tree: the form in which events are hashed and
/// stored, so it is on the path of every command. Commas are its business, nesting is the caller's.
class writer {
public:
    explicit writer(std::string& out) : out_{out} {}

    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }

    void key(std::string_view name) {
        comma();
        quote(name);
        out_ += ':';
        fresh_ = true;
    }
    void text(std::string_view value) {
        comma();
        quote(value);
    }
    /// An array of texts.
    template <class Texts>
    void texts(Texts const& values) {
        begin_array();
        for (auto const& one : values)
            text(one);
        end_array();
    }
    /// Appends what is JSON already: a number, true, null, a stored document.
    void raw(std::string_view json) {
        comma();
        out_ += json;
    }
    void number(std::int64_t value) { digits(value); }
    void number(std::uint64_t value) { digits(value); }
    void number(double value) { digits(value); }
    void boolean(bool value) { raw(value ? "true" : "false"); }
    void null() { raw("null"); }

private:
    void comma() {
        if (!fresh_)
            out_ += ',';
        fresh_ = false;
    }
    void open(char c) {
        comma();
        out_ += c;
        fresh_ = true;
    }
    void close(char c) {
        out_ += c;
        fresh_ = false;
    }
    template <class Number>
    void digits(Number value) {
        comma();
        char room[32];
        auto const end = std::to_chars(room, room + sizeof room, value).ptr;
        out_.append(room, end);
    }
    void quote(std::string_view value) {
        out_ += '"';
        std::size_t done = 0;
        for (std::size_t at = 0; at < value.size(); ++at) {
            auto const c = static_cast<unsigned char>(value[at]);
            if (c >= 0x20 && c != '"' && c != '\\')
                continue;
            out_.append(value, done, at - done);
            escape(c);
            done = at + 1;
        }
        out_.append(value, done, value.size() - done);
        out_ += '"';
    }
    void escape(unsigned char c) {
        switch (c) {
        case '"': out_ += "\\\""; return;
        case '\\': out_ += "\\\\"; return;
        case '\n': out_ += "\\n"; return;
        case '\r': out_ += "\\r"; return;
        case '\t': out_ += "\\t"; return;
        default: break;
        }
        static constexpr char hex[] = "0123456789abcdef";
        out_ += "\\u00";
        out_ += hex[c >> 4];
        out_ += hex[c & 15];
    }

    std::string& out_;
    bool fresh_ = true; ///< nothing precedes in this object or array
};

} // namespace guichet::inline v0::json
