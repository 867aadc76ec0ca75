// A help desk run from Java: a binding of a few lines, agents on threads, a listener.
import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class HelpDeskTest {
    interface Guichet extends Library {
        Guichet C = Native.load("guichet", Guichet.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));

        interface Committed extends Callback {
            void invoke(Pointer context, long seq);
        }
        Pointer guichet_open(String path, String options, PointerByReference desk);
        void guichet_close(Pointer desk);
        Pointer guichet_execute(Pointer desk, String command);
        Pointer guichet_query(Pointer desk, String query);
        Pointer guichet_subscribe(Pointer desk, Committed listener, Pointer context);
        int guichet_code(Pointer answer);
        String guichet_text(Pointer answer);
        String guichet_error(Pointer answer, String part);
        void guichet_free(Pointer answer);
    }

    /** What the desk refused: its sentence in French, and its reason. */
    static class Refused extends RuntimeException {
        final String reason;

        Refused(String detail, String reason) {
            super(detail);
            this.reason = reason;
        }
    }

    static String told(Pointer answer) {
        try {
            if (Guichet.C.guichet_code(answer) != 0)
                throw new Refused(Guichet.C.guichet_error(answer, "detail_fr"),
                                  Guichet.C.guichet_error(answer, "reason"));
            return Guichet.C.guichet_text(answer);
        } finally {
            Guichet.C.guichet_free(answer);
        }
    }

    static Pointer openDesk() {
        var desk = new PointerByReference();
        told(Guichet.C.guichet_open(":memory:", "{\"clock\": {\"start\": \"2026-03-02T09:00:00Z\"}}", desk));
        return desk.getValue();
    }
    static String open(String subject) {
        return "{\"command\": \"open_ticket\", \"by\": \"ana\", \"subject\": \"" + subject + "\"}";
    }
    static void check(boolean holds, String what) {
        if (!holds)
            throw new AssertionError(what);
    }

    static void agentsOnThreadsLoseNothing() throws Exception {
        var desk = openDesk();
        var heard = new ConcurrentSkipListSet<Long>();
        Guichet.Committed listener = (context, seq) -> heard.add(seq); // kept: C holds it, too
        told(Guichet.C.guichet_subscribe(desk, listener, null));
        ExecutorService agents = Executors.newFixedThreadPool(8);
        List<Callable<String>> work = IntStream.range(0, 80)
            .<Callable<String>>mapToObj(i -> () -> told(Guichet.C.guichet_execute(desk, open("Imprimante n° " + i))))
            .collect(Collectors.toList());
        var numbers = new TreeSet<String>();
        for (Future<String> one : agents.invokeAll(work))
            numbers.add(one.get().replaceAll(".*\"number\":\"([^\"]*)\".*", "$1"));
        agents.shutdown();
        check(numbers.size() == 80 && numbers.last().equals("INC-2026-000080"), "each ticket has a number of its own");
        check(heard.size() == 80, "each commit was told");
        var page = told(Guichet.C.guichet_query(desk, "{\"query\": \"query\", \"viewer\": \"ana\", \"limit\": 100}"));
        check(page.contains("Imprimante n° 7"), "texts are UTF-8");
        Guichet.C.guichet_close(desk);
    }

    static void aSlipIsToldInFrench() {
        var desk = openDesk();
        try {
            told(Guichet.C.guichet_execute(desk, open("")));
            check(false, "a ticket without a subject is refused");
        } catch (Refused refused) {
            check(refused.reason.equals("missing_field"), refused.reason);
            check(refused.getMessage().contains("obligatoire"), refused.getMessage());
        }
        Guichet.C.guichet_close(desk);
    }

    public static void main(String[] given) throws Exception {
        agentsOnThreadsLoseNothing();
        aSlipIsToldInFrench();
        System.out.println("a desk in Java: 2 tests passed");
    }
}
