package xmltree_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"bothways/aws/sandbox/xmltree"
)

func TestStampsAreAsTheLibraryFormatsThem(t *testing.T) {
	for range 1000 {
		instant := time.Unix(rand.Int64N(253402300800), rand.Int64N(1e9)).In(time.FixedZone("", rand.IntN(80000)-40000))
		w := xmltree.NewWriter("R", 0)
		w.Stamp("T", instant)
		if want := "<T>" + instant.UTC().Format("2006-01-02T15:04:05") + ".000Z</T>"; !strings.Contains(string(w.Document()), want) {
			t.Fatalf("%v is written in %s", instant, w.Document())
		}
		w.Release()
	}
}
