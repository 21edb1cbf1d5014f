package probe

import (
	"slices"
	"strings"
	"testing"

	"bothways/probe/body"
)

func TestSizesAreReadInBothSystemsOfUnits(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "1": 1, "0B": 0, "1 B": 1, "128KiB": 128 << 10, "128 kib": 128 << 10, "4MiB": 4 << 20, " 4MiB ": 4 << 20,
		"1GB": 1_000_000_000, "5GiB": 5 << 30, "1.5MiB": 3 << 19, "1TiB": 1 << 40, "53687091200000": body.MaxSize,
	} {
		got, err := ParseSize(text)
		if err != nil || got != want {
			t.Errorf("ParseSize(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
}

func TestASizeThatMakesNoSenseIsRefusedWithTheReason(t *testing.T) {
	for text, reason := range map[string]string{
		"": "missing", "   ": "missing", "-1": "negative", "-4MiB": "negative", "8 potatoes": "not a size", "MiB": "not a size",
		"1,5MiB": "not a size", "1e9": "not a size", "0x10": "not a size", "1/2MiB": "not a size", "+1": "not a size", "1..2MiB": "not a size",
		"49TiB": "48.8 TiB", "9999999999999999999999EiB": "48.8 TiB", strings.Repeat("9", 1<<20): "not a size", "٣MiB": "not a size",
	} {
		got, err := ParseSize(text)
		if err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("ParseSize(%.20q) = %d, %v, want an error with %q", text, got, err, reason)
		} else if len(err.Error()) > 200 {
			t.Errorf("the error for %.20q has %d characters", text, len(err.Error()))
		}
	}
}

func TestAListOfSizesIsReadInItsOrder(t *testing.T) {
	got, err := ParseSizes("4MiB, 128KiB,0")
	if want := []int64{4 << 20, 128 << 10, 0}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestASizeThatIsNamedTwiceIsRefusedHoweverItIsWritten(t *testing.T) {
	if _, err := ParseSizes("1MiB,1024KiB"); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("error %v", err)
	}
	if _, err := ParseSizes("1MiB,"); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("error %v", err)
	}
}

func TestTheDefaultSizesDoubleFrom128KiBTo4MiB(t *testing.T) {
	if got, want := DefaultSizes(), []int64{131072, 262144, 524288, 1048576, 2097152, 4194304}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func FuzzParseSizes(f *testing.F) {
	for _, seed := range []string{"0", "128KiB,4MiB", "-1", "8 potatoes", "1.5GB", ",", "9e99", "48.8TiB"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sizes, err := ParseSizes(text)
		if err != nil {
			return
		}
		seen := map[int64]bool{}
		for _, size := range sizes {
			if size < 0 || size > body.MaxSize || seen[size] {
				t.Errorf("ParseSizes(%q) accepted %v", text, sizes)
			}
			seen[size] = true
		}
	})
}
