package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAKeyThatXMLCannotCarryIsWrittenAsAReference(t *testing.T) {
	w := quick(t)
	w.filled("odd", "a\x01b", "c\uFFFEd", "e\nf")
	for _, query := range []string{"", "list-type=2", "versions"} {
		answer := w.raw(rawRequest{method: http.MethodGet, path: "/odd?" + query})
		for _, want := range []string{"<Key>a&#x1;b</Key>", "<Key>c&#xfffe;d</Key>", "<Key>e&#xA;f</Key>"} {
			if !strings.Contains(answer.body, want) {
				t.Errorf("?%s lacks %s: %s", query, want, answer.body)
			}
		}
		answer = w.raw(rawRequest{method: http.MethodGet, path: "/odd?encoding-type=url&" + query})
		for _, want := range []string{"<Key>a%01b</Key>", "<Key>c%EF%BF%BEd</Key>", "<Key>e%0Af</Key>"} {
			if !strings.Contains(answer.body, want) {
				t.Errorf("?encoding-type=url&%s lacks %s: %s", query, want, answer.body)
			}
		}
	}
	if answer := w.raw(rawRequest{method: http.MethodGet, path: "/odd/no%01ne"}); !strings.Contains(answer.body, "<Key>no&#x1;ne</Key>") {
		t.Errorf("of a key that is not there it says %s", answer.body)
	}
}
