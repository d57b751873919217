package org.cardcage.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NioPathTest {

    @RegisterExtension
    final VfsExtension t = VfsExtension.stepped();

    private Path path(String first, String... more) {
        return t.vfs().fileSystem().getPath(first, more);
    }

    @Test
    void pathsHaveTheirParts() {
        Path p = path("/dev//edu0/");
        assertThat(p).hasToString("/dev/edu0");
        assertThat(p.getFileName()).hasToString("edu0");
        assertThat(p.getParent()).hasToString("/dev");
        assertThat(p.getRoot()).hasToString("/");
        assertThat(p.getNameCount()).isEqualTo(2);
        assertThat((Iterable<Path>) p).containsExactly(path("dev"), path("edu0"));
        assertThat(path("/").getFileName()).isNull();
        assertThat(path("/").getParent()).isNull();
        assertThat(path("/").getNameCount()).isZero();
        assertThat(path("a").getParent()).isNull();
        assertThat(path("").getFileName()).hasToString("");
        assertThat(path("", "a", "", "b")).hasToString("a/b");
        assertThat(path("a/b").toAbsolutePath()).hasToString("/a/b");
    }

    @ParameterizedTest
    @CsvSource({
        "/a, b/c, /a/b/c",
        "/a, /b, /b",
        "/a, '', /a",
        "'', b, b",
        "/, b, /b",
        "a, .., a/..",
    })
    void resolveJoins(String base, String other, String result) {
        assertThat(path(base).resolve(path(other))).hasToString(result);
        assertThat(path(base).resolve(other)).hasToString(result);
        assertThat(path(base).resolve(Path.of(other))).hasToString(result).isEqualTo(path(result));
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b, /a/c/d, ../c/d",
        "/a/b, /a/b, ''",
        "/, /a, a",
        "/a, /, ..",
        "'', a/b, a/b",
        "a, a/b, b",
    })
    void relativizeIsTheWayBack(String from, String to, String result) {
        assertThat(path(from).relativize(path(to))).isEqualTo(path(result));
        assertThat(path(from).resolve(path(result)).normalize()).isEqualTo(path(to).normalize());
    }

    @ParameterizedTest
    @CsvSource({"/a/./b/../c, /a/c", "/.., /", "../a, ../a", "a/.., ''", "a/../.., ..", "., ''"})
    void normalizeDropsDots(String text, String result) {
        assertThat(path(text).normalize()).hasToString(result);
    }

    @Test
    void beginningsAndEndsAreNamesAndNotLetters() {
        assertThat(path("/dev/edu0").startsWith("/dev")).isTrue();
        assertThat(path("/dev/edu0").startsWith("/de")).isFalse();
        assertThat(path("/dev/edu0").startsWith("/")).isTrue();
        assertThat(path("/dev/edu0").startsWith("dev")).isFalse();
        assertThat(path("/dev/edu0").startsWith(Path.of("/dev"))).isFalse();
        assertThat(path("/dev/edu0").endsWith("edu0")).isTrue();
        assertThat(path("/dev/edu0").endsWith("du0")).isFalse();
        assertThat(path("/dev/edu0").endsWith("/edu0")).isFalse();
    }

    @Test
    void urisComeAndGo() {
        assertThat(path("/dev/null").toUri()).isEqualTo(URI.create("cage:///dev/null"));
        assertThat(path("/dev").toUri()).isEqualTo(URI.create("cage:///dev/"));
        assertThat(path("/").toUri()).isEqualTo(URI.create("cage:///"));
        Path odd = path("/tmp/ä b%20#?");
        assertThat(odd.toUri().toString()).isEqualTo("cage:///tmp/%C3%A4%20b%2520%23%3F");
        assertThat(t.vfs().fileSystem().provider().getPath(odd.toUri())).isEqualTo(odd);
        assertThatThrownBy(() -> t.vfs().fileSystem().provider().getPath(URI.create("file:///x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "glob:*.java Main.java true",
                "glob:*.java a/Main.java false",
                "glob:**.java a/Main.java true",
                "glob:edu? edu0 true",
                "glob:edu? edu/ false",
                "glob:edu[0-3] edu2 true",
                "glob:edu[!0-3] edu2 false",
                "glob:edu[!0-3] edu4 true",
                "glob:{edu,null}* null true",
                "glob:{a,b} c false",
                "glob:a\\*b a*b true",
                "glob:a\\*b axb false",
                "glob:a.b axb false",
                "glob:[]-] - true",
                "regex:[ab]+ abba true",
                "regex:[ab]+ abc false",
            })
    void matchersMatch(String pattern, String text, boolean matches) {
        assertThat(t.vfs().fileSystem().getPathMatcher(pattern).matches(path(text)))
                .isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"glob:[a", "glob:{a", "glob:a\\", "glob:{a{b}}"})
    void brokenGlobsAreRefused(String pattern) {
        assertThatThrownBy(() -> t.vfs().fileSystem().getPathMatcher(pattern))
                .isInstanceOf(PatternSyntaxException.class);
    }
}
