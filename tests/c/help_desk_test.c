/* A help desk run from C99: what the header promises, each test with a desk of its own. */
#define _POSIX_C_SOURCE 200809L

#include <guichet.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int failures = 0;

static void check(int holds, const char *what, int line, const char *seen) {
    if (holds)
        return;
    ++failures;
    printf("  line %d: %s\n    seen: %s\n", line, what, seen ? seen : "NULL");
}
#define CHECK(holds) check((holds), #holds, __LINE__, "false")
/* The answer, which it frees, is `code` and says all of a text. */
#define EXPECT(answer, code, text) expect((answer), (code), (text), __LINE__)

static void expect(guichet_answer *answer, int code, const char *text, int line) {
    check(guichet_code(answer) == code, "another code", line, guichet_text(answer));
    check(strstr(guichet_text(answer), text) != NULL, text, line, guichet_text(answer));
    guichet_free(answer);
}

static const char *const monday = "{\"clock\": {\"start\": \"2026-03-02T09:00:00Z\", \"seed\": 7}}";

static guichet_desk *desk_at(const char *path, const char *options) {
    guichet_desk *desk = NULL;
    guichet_answer *answer = guichet_open(path, options, &desk);
    if (guichet_code(answer) != guichet_ok) {
        printf("%s: %s\n", path, guichet_error(answer, "detail"));
        exit(1);
    }
    guichet_free(answer);
    return desk;
}

static guichet_desk *monday_desk(void) { return desk_at(":memory:", monday); }

/* The text of a member of the answer, "number":"INC-..."; freed by the caller, like the answer by this. */
static char *member(guichet_answer *answer, const char *name) {
    char key[64], *out = NULL;
    const char *at, *end;
    snprintf(key, sizeof key, "\"%s\":\"", name);
    at = strstr(guichet_text(answer), key);
    if (at) {
        at += strlen(key);
        end = strchr(at, '"');
        out = calloc((size_t)(end - at) + 1, 1);
        memcpy(out, at, (size_t)(end - at));
    } else
        check(0, name, __LINE__, guichet_text(answer));
    guichet_free(answer);
    return out;
}

static void the_readme_day(void) {
    guichet_desk *desk = monday_desk();
    guichet_answer *answer;
    int wait_ms = 0;
    EXPECT(guichet_next_wakeup(desk, &wait_ms), guichet_ok, "null");
    CHECK(wait_ms == -1);
    EXPECT(guichet_execute(desk, "{\"command\": \"open_ticket\", \"by\": \"ana\", \"subject\": \"No network in room 12\","
                                 " \"impact\": \"high\", \"urgency\": \"high\"}"),
           guichet_ok, "\"number\":\"INC-2026-000001\"");
    EXPECT(guichet_next_wakeup(desk, &wait_ms), guichet_ok, "\"2026-03-02T09:");
    CHECK(wait_ms > 0 && wait_ms <= 15 * 60 * 1000);
    EXPECT(guichet_advance_clock(desk, 3600), guichet_ok, "\"2026-03-02T10:00:00Z\"");
    EXPECT(guichet_next_wakeup(desk, &wait_ms), guichet_ok, "");
    CHECK(wait_ms == 0);
    EXPECT(guichet_pump(desk, 0), guichet_ok, "\"timers_fired\":");
    EXPECT(guichet_execute(desk, "{\"command\": \"reply\", \"by\": \"luc\", \"role\": \"agent\", \"ticket\":"
                                 " \"INC-2026-000001\", \"text\": \"Désolé, je regarde.\"}"),
           guichet_ok, "Désolé, je regarde.");
    answer = guichet_query(desk, "{\"query\": \"history\", \"viewer\": \"luc\", \"role\": \"agent\","
                                 " \"ticket\": \"INC-2026-000001\"}");
    CHECK(strstr(guichet_text(answer), "clock_breached") != NULL);
    CHECK(strlen(guichet_text(answer)) == guichet_size(answer));
    guichet_free(answer);
    EXPECT(guichet_query(desk, "{\"query\": \"verify\", \"viewer\": \"root\", \"role\": \"administrator\"}"), guichet_ok,
           "\"problems\":[]");
    guichet_close(desk);
}

static void errors_tell_what_why_and_the_way_out(void) {
    guichet_desk *desk = monday_desk();
    guichet_answer *answer =
        guichet_execute(desk, "{\"command\": \"open_ticket\", \"by\": \"ana\", \"subjet\": \"No network\"}");
    CHECK(guichet_code(answer) == guichet_invalid_argument);
    CHECK(strcmp(guichet_error(answer, "code"), "invalid_argument") == 0);
    CHECK(strcmp(guichet_error(answer, "reason"), "unknown_field") == 0);
    CHECK(strcmp(guichet_error(answer, "context.path"), "subjet") == 0);
    CHECK(strstr(guichet_error(answer, "detail"), "subjet: unknown field") != NULL);
    CHECK(strstr(guichet_error(answer, "detail_fr"), "subjet : champ inconnu") != NULL);
    CHECK(guichet_error(answer, "context.weather") == NULL);
    CHECK(strstr(guichet_text(answer), "{\"error\":{\"code\":\"invalid_argument\"") == guichet_text(answer));
    guichet_free(answer);
    answer = guichet_query(desk, "{\"query\": \"stats\", \"viewer\": \"ana\"}");
    CHECK(guichet_error(answer, "code") == NULL);
    guichet_free(answer);
    EXPECT(guichet_execute(desk, "{\"command\": "), guichet_invalid_argument, "malformed_json");
    EXPECT(guichet_execute(desk, NULL), guichet_invalid_argument, "the JSON is NULL");
    EXPECT(guichet_execute(NULL, "{}"), guichet_invalid_argument, "the desk is NULL");
    EXPECT(guichet_query(desk, "{\"query\": \"weather\", \"viewer\": \"ana\"}"), guichet_invalid_argument, "conversation");
    EXPECT(guichet_query(desk, "{\"query\": \"find\", \"viewer\": \"ana\"}"), guichet_invalid_argument,
           "\"context\":{\"path\":\"ticket\"}");
    EXPECT(guichet_query(desk, "{\"query\": \"guides\"}"), guichet_invalid_argument, "\"context\":{\"path\":\"viewer\"}");
    EXPECT(guichet_query(desk, "{\"query\": \"guides\", \"viewer\": \"ana\", \"ticket\": \"x\"}"),
           guichet_invalid_argument, "unknown_field");
    EXPECT(guichet_manage(desk, "{\"task\": \"backup\", \"by\": \"ana\", \"path\": \"copy.db\"}"),
           guichet_permission_denied, "right_missing");
    guichet_free(NULL);
    guichet_close(desk);
    guichet_close(NULL);
}

static void a_requester_never_learns_of_what_he_may_not_see(void) {
    guichet_desk *desk = monday_desk();
    EXPECT(guichet_execute(desk, "{\"command\": \"open_ticket\", \"by\": \"ana\", \"subject\": \"My salary slip\"}"),
           guichet_ok, "INC-2026-000001");
    EXPECT(guichet_execute(desk, "{\"command\": \"add_note\", \"by\": \"luc\", \"role\": \"agent\", \"ticket\":"
                                 " \"INC-2026-000001\", \"text\": \"She is right.\"}"),
           guichet_ok, "message_added");
    EXPECT(guichet_query(desk, "{\"query\": \"find\", \"viewer\": \"bob\", \"ticket\": \"INC-2026-000001\"}"),
           guichet_not_found, "ticket_not_found");
    EXPECT(guichet_query(desk, "{\"query\": \"query\", \"viewer\": \"bob\"}"), guichet_ok, "{\"tickets\":[],");
    EXPECT(guichet_query(desk, "{\"query\": \"conversation\", \"viewer\": \"ana\", \"ticket\": \"INC-2026-000001\"}"),
           guichet_ok, "[]");
    EXPECT(guichet_query(desk, "{\"query\": \"conversation\", \"viewer\": {\"person\": \"luc\", \"role\": \"agent\"},"
                               " \"ticket\": \"INC-2026-000001\"}"),
           guichet_ok, "She is right.");
    EXPECT(guichet_query(desk, "{\"query\": \"search\", \"viewer\": \"ana\", \"typed\": \"salary\"}"), guichet_ok,
           "INC-2026-000001");
    EXPECT(guichet_query(desk, "{\"query\": \"read_log\", \"viewer\": \"ana\"}"), guichet_permission_denied, "audit");
    guichet_close(desk);
}

static void a_retry_is_harmless_and_batches_keep_together(void) {
    guichet_desk *desk = monday_desk();
    static const char *const once = "{\"command\": \"open_ticket\", \"by\": \"ana\", \"subject\": \"Once\","
                                    " \"id\": \"01890a5d-ac96-774b-bcce-b302099a8057\"}";
    static const char *const two = "[{\"command\": \"open_ticket\", \"by\": \"ana\", \"subject\": \"Two\"},"
                                   " {\"command\": \"open_ticket\", \"by\": \"ana\", \"subject\": \"\"},"
                                   " {\"command\": \"fly\"}]";
    EXPECT(guichet_execute(desk, once), guichet_ok, "\"repeated\":false");
    EXPECT(guichet_execute(desk, once), guichet_ok, "\"repeated\":true");
    EXPECT(guichet_execute_batch(desk, two, 1), guichet_invalid_argument, "\"batch_index\":\"2\"");
    EXPECT(guichet_query(desk, "{\"query\": \"count\", \"viewer\": \"ana\", \"conditions\": [\"open\", \"weather = fine\"]}"),
           guichet_invalid_argument, "weather");
    EXPECT(guichet_query(desk, "{\"query\": \"count\", \"viewer\": \"ana\", \"conditions\": [\"open\"]}"), guichet_ok,
           "\"count\":1,");
    EXPECT(guichet_execute_batch(desk, two, 0), guichet_ok, "\"number\":\"INC-2026-000002\"");
    EXPECT(guichet_execute_batch(desk, two, 0), guichet_ok, "{\"error\":{\"code\":\"invalid_argument\",\"reason\":"
                                                            "\"unknown_value\"");
    EXPECT(guichet_execute_batch(desk, "{}", 0), guichet_invalid_argument, "a list");
    guichet_close(desk);
}

static void a_file_goes_in_and_comes_out(void) {
    static const char bytes[] = "light\0is\0off";
    guichet_desk *desk = monday_desk();
    char command[400], *digest = member(guichet_put_file(desk, bytes, sizeof bytes, "lamp.bin", NULL), "digest");
    guichet_answer *answer;
    snprintf(command, sizeof command,
             "{\"command\": \"open_ticket\", \"by\": \"ana\", \"subject\": \"Lamp\", \"attachments\":"
             " [{\"name\": \"lamp.bin\", \"digest\": \"%s\", \"size_bytes\": %u}]}",
             digest, (unsigned)sizeof bytes);
    EXPECT(guichet_execute(desk, command), guichet_ok, "attachment_added");
    answer = guichet_read_file(desk, "{\"query\": \"read_file\", \"viewer\": \"ana\", \"ticket\": \"INC-2026-000001\","
                                     " \"attachment\": 2}");
    CHECK(guichet_code(answer) == guichet_ok && guichet_size(answer) == sizeof bytes &&
          memcmp(guichet_text(answer), bytes, sizeof bytes) == 0);
    guichet_free(answer);
    EXPECT(guichet_read_file(desk, "{\"query\": \"read_file\", \"viewer\": \"bob\", \"ticket\": \"INC-2026-000001\","
                                   " \"attachment\": 2}"),
           guichet_not_found, "ticket_not_found");
    EXPECT(guichet_put_file(desk, NULL, 1, "lamp.bin", NULL), guichet_invalid_argument, "NULL");
    free(digest);
    guichet_close(desk);
}

/* A path that nothing is at; the caller removes what is made there. */
static void fresh_path(char *room, size_t size) {
    const char *folder = getenv("TMPDIR");
    static int next = 0;
    snprintf(room, size, "%s/guichet-c-%ld-%d.db", folder ? folder : "/tmp", (long)getpid(), next++);
}
static void remove_desk(const char *path) {
    char other[600];
    unlink(path);
    snprintf(other, sizeof other, "%s-wal", path);
    unlink(other);
    snprintf(other, sizeof other, "%s-shm", path);
    unlink(other);
}

static void a_desk_in_a_file_is_there_tomorrow(void) {
    char path[500];
    guichet_desk *desk = NULL;
    fresh_path(path, sizeof path);
    EXPECT(guichet_open(path, "{\"create\": false}", &desk), guichet_not_found, "store_not_found");
    CHECK(desk == NULL);
    EXPECT(guichet_open(path, "{\"colour\": 1}", &desk), guichet_invalid_argument, "options.colour");
    EXPECT(guichet_open(NULL, NULL, &desk), guichet_invalid_argument, "the path is NULL");
    EXPECT(guichet_open(path, NULL, NULL), guichet_invalid_argument, "NULL");
    desk = desk_at(path, NULL);
    EXPECT(guichet_execute(desk, "{\"command\": \"open_ticket\", \"by\": \"ana\", \"subject\": \"Kept\"}"), guichet_ok,
           "\"version\":1");
    EXPECT(guichet_advance_clock(desk, 60), guichet_invalid_argument, "the real time");
    guichet_close(desk);
    desk = desk_at(path, "{\"read_only\": true}");
    EXPECT(guichet_query(desk, "{\"query\": \"query\", \"viewer\": \"ana\", \"where\": \"open\"}"), guichet_ok, "Kept");
    EXPECT(guichet_execute(desk, "{\"command\": \"open_ticket\", \"by\": \"ana\", \"subject\": \"Not\"}"),
           guichet_failed_precondition, "store_read_only");
    guichet_close(desk);
    remove_desk(path);
}

static void a_child_process_opens_the_desk_itself(void) {
    guichet_desk *desk = monday_desk();
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        guichet_answer *answer = guichet_query(desk, "{\"query\": \"stats\", \"viewer\": \"ana\"}");
        int const refused = strstr(guichet_text(answer), "after a fork") != NULL;
        guichet_free(answer);
        guichet_close(desk);
        _exit(refused ? 7 : 0);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7);
    EXPECT(guichet_query(desk, "{\"query\": \"stats\", \"viewer\": \"ana\"}"), guichet_ok, "\"tickets\":0");
    guichet_close(desk);
}

static void heard(void *context, uint64_t seq) { *(uint64_t *)context = seq; }

static void a_follower_is_told_and_reads_on(void) {
    guichet_desk *desk = monday_desk();
    uint64_t seq = 0;
    char query[200];
    EXPECT(guichet_subscribe(desk, heard, &seq), guichet_ok, "null");
    EXPECT(guichet_subscribe(desk, NULL, NULL), guichet_invalid_argument, "NULL");
    EXPECT(guichet_execute(desk, "{\"command\": \"open_ticket\", \"by\": \"ana\", \"subject\": \"One\"}"), guichet_ok, "");
    CHECK(seq == 1);
    EXPECT(guichet_execute(desk, "{\"command\": \"open_ticket\", \"by\": \"ana\", \"subject\": \"\"}"),
           guichet_invalid_argument, "subject");
    CHECK(seq == 1);
    snprintf(query, sizeof query,
             "{\"query\": \"read_log\", \"viewer\": \"root\", \"role\": \"administrator\", \"after_seq\": %u,"
             " \"limit\": 10}",
             (unsigned)seq);
    EXPECT(guichet_query(desk, query), guichet_ok, "[]");
    EXPECT(guichet_execute(desk, "{\"command\": \"add_note\", \"by\": \"luc\", \"role\": \"agent\", \"text\": \"Two\","
                                 " \"ticket\": \"INC-2026-000001\"}"),
           guichet_ok, "");
    CHECK(seq == 2);
    EXPECT(guichet_query(desk, query), guichet_ok, "[{\"seq\":2,\"event\":\"message_added\"");
    guichet_close(desk);
}

struct postman {
    int calls, fails;
    char last[4000];
};
static int post(void *context, const char *entry) {
    struct postman *to = context;
    snprintf(to->last, sizeof to->last, "%s", entry);
    ++to->calls;
    return to->calls <= to->fails;
}

static void what_leaves_is_tried_again_until_it_is_sent(void) {
    guichet_desk *desk = monday_desk();
    struct postman bob = {0, 1, ""};
    EXPECT(guichet_manage(
               desk, "{\"task\": \"configure\", \"by\": \"root\", \"role\": \"administrator\", \"documents\": ["
                     " {\"kind\": \"template\", \"id\": \"received\", \"body\": {\"languages\": [{\"language\": \"en\","
                     "  \"subject\": \"{{ticket.number}}\", \"text\": \"We have it\"}]}},"
                     " {\"kind\": \"rules\", \"id\": \"desk\", \"body\": {\"rules\": [{\"name\": \"ack\", \"on\":"
                     "  [\"ticket_opened\"], \"actions\": [{\"mail\": {\"to\": [\"requester\"],"
                     "  \"wording\": \"received\"}}]}]}}]}"),
           guichet_ok, "null");
    EXPECT(guichet_execute(desk, "{\"command\": \"open_ticket\", \"by\": \"ana\", \"subject\": \"One\"}"), guichet_ok, "");
    EXPECT(guichet_deliver(desk, 10, post, &bob), guichet_ok, "{\"sent\":0,\"failed\":1,\"parked\":0}");
    EXPECT(guichet_deliver(desk, 10, post, &bob), guichet_ok, "{\"sent\":0,\"failed\":0,\"parked\":0}");
    EXPECT(guichet_advance_clock(desk, 30), guichet_ok, "");
    EXPECT(guichet_deliver(desk, 10, post, &bob), guichet_ok, "{\"sent\":1,\"failed\":0,\"parked\":0}");
    CHECK(bob.calls == 2 && strstr(bob.last, "\"kind\":\"mail\"") && strstr(bob.last, "We have it"));
    EXPECT(guichet_deliver(desk, 10, NULL, NULL), guichet_invalid_argument, "NULL");
    EXPECT(guichet_query(desk, "{\"query\": \"documents\", \"viewer\": \"root\", \"role\": \"administrator\","
                               " \"kind\": \"template\"}"),
           guichet_ok, "\"id\":\"received\",\"version\":1,\"body\":{\"languages\"");
    guichet_close(desk);
}

static void the_same_seed_tells_the_same_story(void) {
    guichet_answer *logs[2];
    int i;
    for (i = 0; i < 2; ++i) {
        guichet_desk *desk = monday_desk();
        EXPECT(guichet_execute(desk, "{\"command\": \"open_ticket\", \"by\": \"ana\", \"subject\": \"One\"}"), guichet_ok,
               "");
        logs[i] = guichet_query(desk, "{\"query\": \"read_log\", \"viewer\": \"root\", \"role\": \"administrator\"}");
        guichet_close(desk);
    }
    CHECK(strcmp(guichet_text(logs[0]), guichet_text(logs[1])) == 0); /* answers outlive their desk */
    guichet_free(logs[0]);
    guichet_free(logs[1]);
}

enum { agents = 8, tickets_each = 25 };

struct agent {
    guichet_desk *desk;
    guichet_answer *refused; /* made on this thread, read and freed on another */
    int no, opened, found;
};

static void *work(void *given) {
    struct agent *me = given;
    char command[200], query[200];
    int i;
    for (i = 0; i < tickets_each; ++i) {
        guichet_answer *answer;
        snprintf(command, sizeof command,
                 "{\"command\": \"open_ticket\", \"by\": \"p%d\", \"subject\": \"Ticket %d of %d\"}", me->no, i, me->no);
        answer = guichet_execute(me->desk, command);
        me->opened += guichet_code(answer) == guichet_ok;
        guichet_free(answer);
        snprintf(query, sizeof query, "{\"query\": \"search\", \"viewer\": \"p%d\", \"typed\": \"ticket\", \"top\": 1}",
                 me->no);
        answer = guichet_query(me->desk, query);
        me->found += guichet_code(answer) == guichet_ok && strstr(guichet_text(answer), "INC-") != NULL;
        guichet_free(answer);
        guichet_free(guichet_pump(me->desk, 10));
    }
    snprintf(query, sizeof query, "{\"query\": \"find\", \"viewer\": \"p%d\", \"ticket\": \"INC-0000-%06d\"}", me->no,
             me->no);
    me->refused = guichet_query(me->desk, query);
    return NULL;
}

static void agents_share_a_desk(const char *path, const char *options) {
    guichet_desk *desk = desk_at(path, options);
    struct agent all[agents];
    pthread_t threads[agents];
    char expected[100];
    int i;
    for (i = 0; i < agents; ++i) {
        memset(&all[i], 0, sizeof all[i]);
        all[i].desk = desk;
        all[i].no = i;
        pthread_create(&threads[i], NULL, work, &all[i]);
    }
    for (i = 0; i < agents; ++i) {
        pthread_join(threads[i], NULL);
        CHECK(all[i].opened == tickets_each);
        CHECK(all[i].found == tickets_each);
        snprintf(expected, sizeof expected, "INC-0000-%06d", i);
        CHECK(strcmp(guichet_error(all[i].refused, "context.ticket"), expected) == 0);
        guichet_free(all[i].refused);
    }
    snprintf(expected, sizeof expected, "\"tickets\":%d,", agents * tickets_each);
    EXPECT(guichet_query(desk, "{\"query\": \"verify\", \"viewer\": \"root\", \"role\": \"administrator\"}"), guichet_ok,
           expected);
    guichet_close(desk);
}

static void eight_agents_share_a_desk_in_memory(void) { agents_share_a_desk(":memory:", monday); }
static void eight_agents_share_a_desk_in_a_file(void) {
    char path[500];
    fresh_path(path, sizeof path);
    agents_share_a_desk(path, "{\"durable\": false}");
    remove_desk(path);
}

int main(void) {
    static const struct {
        const char *name;
        void (*run)(void);
    } all[] = {
        {"given a critical ticket, when an hour passes and the host pumps, then the breach is in its history",
         the_readme_day},
        {"given a slip, when it is sent, then the error has a code, a reason, a sentence in two languages and the field",
         errors_tell_what_why_and_the_way_out},
        {"given a ticket and a note, when who may not see them asks, then they are not there",
         a_requester_never_learns_of_what_he_may_not_see},
        {"given a command id and batches, when they are sent again or one is refused, then nothing happens twice",
         a_retry_is_harmless_and_batches_keep_together},
        {"given a file with zero bytes, when it is attached, then the same bytes come back", a_file_goes_in_and_comes_out},
        {"given a desk in a file, when it is opened again, then its tickets are there", a_desk_in_a_file_is_there_tomorrow},
        {"given an open desk, when the process forks, then the child is told to open it again",
         a_child_process_opens_the_desk_itself},
        {"given a listener, when something is committed, then it hears the seq and can read on",
         a_follower_is_told_and_reads_on},
        {"given a mail that could not be sent, when half a minute has passed, then it is sent",
         what_leaves_is_tried_again_until_it_is_sent},
        {"given two desks of one seed, when the same is done, then their logs are the same text",
         the_same_seed_tells_the_same_story},
        {"given eight agents on threads and a desk in memory, when all work at once, then nothing is lost",
         eight_agents_share_a_desk_in_memory},
        {"given eight agents on threads and a desk in a file, when all work at once, then nothing is lost",
         eight_agents_share_a_desk_in_a_file},
    };
    size_t i;
    for (i = 0; i < sizeof all / sizeof all[0]; ++i) {
        int const before = failures;
        all[i].run();
        printf("%s  %s\n", failures == before ? "ok    " : "FAILED", all[i].name);
    }
    printf("%d failures, libguichet %s\n", failures, guichet_version());
    return failures != 0;
}
