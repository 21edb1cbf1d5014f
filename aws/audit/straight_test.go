package audit_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"

	"bothways/aws/audit"
	"bothways/aws/pair"
)

// Pages are asked for without the SDK's stack once that has shown how; and with it
// whatever the answer is that is none.
func TestPagesTakeTheStraightWayAndTheStackWhereThatFails(t *testing.T) {
	for name, refused := range map[string]int{"": 0, "refused": http.StatusForbidden} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShelves()
				s.most = 50
				for i := range 2000 {
					s.put(pair.A, version(fmt.Sprintf("k%04d", i), "v", "x", true))
					s.put(pair.B, version(fmt.Sprintf("k%04d", i), "v", "x", true))
				}
				var mu sync.Mutex
				straight, stacked := 0, 0
				s.before = func(r *http.Request) (int, string) {
					mu.Lock()
					defer mu.Unlock()
					if r.Header.Get("Authorization") == "" || r.Header.Get("X-Amz-Date") == "" {
						t.Error("a request is not signed")
					}
					if r.Header.Get("Amz-Sdk-Invocation-Id") != "" {
						stacked++
						return 0, ""
					}
					straight++
					return refused, "AccessDenied"
				}
				path := filepath.Join(t.TempDir(), "run.ndjson")
				if err := process(t.Context(), t, audit.Config{World: s.world()}, path, nil); err != nil {
					t.Fatal(err)
				}
				(&truth{same: 2000}).check(t, path)
				if refused == 0 && (straight < 50 || stacked != 2) || refused != 0 && (straight == 0 || stacked < 50) {
					t.Errorf("%d the straight way, %d by the stack", straight, stacked)
				}
			})
		})
	}
}
