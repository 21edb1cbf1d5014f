package plain_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/ui/plain"
)

func TestWhatIsLeftBehindIsCountedByKindAndListedALineEach(t *testing.T) {
	var out bytes.Buffer
	objects := []probe.LeftObject{
		{Side: pair.A, Bucket: "one", Key: "k0", UploadID: "u", Why: "refused"},
		{Side: pair.A, Bucket: "one", Key: "k1", Why: "lost"},
	}
	for n := range 6 {
		objects = append(objects, probe.LeftObject{Side: pair.B, Bucket: "two", Key: fmt.Sprint("late", n), VersionID: "v", Why: "on its way"})
	}
	plain.Text(&out).Event(probe.LeftEvent{Objects: objects})
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 7 || !strings.HasPrefix(lines[0], "warning: 7 versions and 1 unfinished upload may be left behind.") ||
		lines[1] != "    one/k0, unfinished upload u: refused" || lines[2] != "    one/k1, a version whose ID is not known: lost" ||
		lines[3] != "    two/late0, version v: on its way" || !strings.Contains(lines[6], "and 3 more") {
		t.Errorf("it says\n%s", out.String())
	}
	for _, line := range lines {
		if len(line) > 160 {
			t.Errorf("%d characters in %q", len(line), line)
		}
	}
}
