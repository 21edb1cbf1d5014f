package wording

import (
	"strings"
	"testing"
	"time"
)

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                       "0 s",
		410 * time.Microsecond:  "0.4 ms",
		4100 * time.Microsecond: "4.1 ms", 9960 * time.Microsecond: "10 ms", 41 * time.Millisecond: "41 ms",
		99600 * time.Microsecond: "0.10 s", 410 * time.Millisecond: "0.41 s", 996 * time.Millisecond: "1.0 s",
		4700 * time.Millisecond: "4.7 s", 9940 * time.Millisecond: "9.9 s", 9960 * time.Millisecond: "10 s",
		19 * time.Second: "19 s", 59400 * time.Millisecond: "59 s", 59600 * time.Millisecond: "1 min",
		60 * time.Second: "1 min", 125 * time.Second: "2 min 5 s", 15 * time.Minute: "15 min",
		3599600 * time.Millisecond: "1 h", 65 * time.Minute: "1 h 5 min", 47*time.Hour + 59*time.Minute + 40*time.Second: "2 d",
		50 * time.Hour: "2 d 2 h", -4700 * time.Millisecond: "-4.7 s",
	} {
		if got := Duration(d); got != want {
			t.Errorf("Duration(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestSizes(t *testing.T) {
	for bytes, want := range map[int64][2]string{
		0: {"0 B", "0B"}, 1: {"1 B", "1B"}, 1023: {"1023 B", "1023B"}, 1024: {"1 KiB", "1K"},
		128 << 10: {"128 KiB", "128K"}, 1536 << 10: {"1.5 MiB", "1.5M"}, 1<<20 - 1: {"1 MiB", "1M"},
		1 << 30: {"1 GiB", "1G"}, 1<<63 - 1: {"8 EiB", "8E"}, -1 << 63: {"-8 EiB", "-8E"},
	} {
		if got := Size(bytes); got != want[0] {
			t.Errorf("Size(%d) = %q, want %q", bytes, got, want[0])
		}
		if got := ShortSize(bytes); got != want[1] {
			t.Errorf("ShortSize(%d) = %q, want %q", bytes, got, want[1])
		}
	}
}

func FuzzDuration(f *testing.F) {
	f.Add(int64(4_700_000_000))
	f.Fuzz(func(t *testing.T, n int64) {
		text := Duration(time.Duration(n))
		if text == "" || len(text) > 20 || strings.Count(text, "-") > 1 {
			t.Errorf("Duration(%d) = %q", n, text)
		}
	})
}

func TestQuantiles(t *testing.T) {
	const s = time.Second
	for name, c := range map[string]struct {
		q                                 Quantile
		text, interval, whole, brief, max string
	}{
		"known":     {Quantile{Bound: Exact, Value: 4 * s, Lower: 3 * s, Upper: 5 * s}, "4.0 s", "3.0 s to 5.0 s", "4.0 s (3.0 to 5.0)", "4.0 s (3.0 to 5.0)", "4.0 s"},
		"two units": {Quantile{Bound: Exact, Value: 59 * s, Lower: 3 * s, Upper: 80 * s}, "59 s", "3.0 s to 1 min 20 s", "59 s (3.0 s to 1 min 20 s)", "59 s (3.0 s to 1 min 20 s)", "59 s"},
		"open":      {Quantile{Bound: Exact, Value: 4 * s, Lower: 3 * s, Upper: 5 * s, Open: true}, "4.0 s", "from 3.0 s", "4.0 s (from 3.0 s)", "4.0 s (from 3.0 s)", "4.0 s"},
		"over":      {Quantile{Bound: Over, Value: 2 * s, Lower: s, Upper: 2 * s, Open: true}, "over 2.0 s", "from 1.0 s", "over 2.0 s (from 1.0 s)", "over 2.0 s (from 1.0 s)", "over 2.0 s"},
		"over all":  {Quantile{Bound: Over, Value: 2 * s, Lower: 2 * s, Upper: 2 * s, Open: true}, "over 2.0 s", "from 2.0 s", "over 2.0 s (from 2.0 s)", "over 2.0 s", "over 2.0 s"},
		"at most":   {Quantile{Bound: AtMost, Value: 2 * s, Upper: 3 * s}, "at most 2.0 s", "up to 3.0 s", "at most 2.0 s (up to 3.0 s)", "at most 2.0 s (up to 3.0 s)", "at most 2.0 s"},
		"at once":   {Quantile{Bound: AtMost, Value: 2 * s, Upper: 2 * s}, "at most 2.0 s", "up to 2.0 s", "at most 2.0 s (up to 2.0 s)", "at most 2.0 s", "at most 2.0 s"},
		"too few":   {Quantile{Missing: 4, Value: 7 * s}, "too few (4 more)", "none", "too few (4 more)", "too few (4 more)", "none"},
		"censored":  {Quantile{Value: 7 * s}, "too few arrivals", "none", "too few arrivals", "too few arrivals", "none"},
	} {
		if got := c.q.Text(Duration); got != c.text {
			t.Errorf("%s: the text is %q", name, got)
		}
		if got := c.q.Interval(Duration); got != c.interval {
			t.Errorf("%s: the interval is %q", name, got)
		}
		if got := c.q.WithInterval("", Duration); got != c.whole {
			t.Errorf("%s: with its interval it is %q", name, got)
		}
		if got := c.q.Brief(Duration); got != c.brief {
			t.Errorf("%s: in brief it is %q", name, got)
		}
		if got := c.q.Longest(Duration); got != c.max {
			t.Errorf("%s: as a maximum it is %q", name, got)
		}
	}
	known := Quantile{Bound: Exact, Value: 4 * s, Lower: 3 * s, Upper: 125 * s}
	if got := known.WithInterval("95 %: ", Seconds); got != "4.00 (95 %: 3.00 to 125)" {
		t.Errorf("for a column it is %q", got)
	}
}

func TestAMeanSaysWhereItIsCut(t *testing.T) {
	m := Mean{Quantile: Quantile{Bound: Exact, Value: 34 * time.Second, Lower: 20 * time.Second, Upper: 55 * time.Second}}
	for cut, want := range map[time.Duration][3]string{
		0:                {"34 s (20 to 55)", "34 s (20 to 55)", "34 s"},
		15 * time.Minute: {"34 s (20 to 55), cut at 15 min", "34 s (20 to 55) cut", "34 s cut"},
	} {
		m.Cut = cut
		if got := [3]string{m.WithInterval("", Duration), m.Brief(true, Duration), m.Brief(false, Duration)}; got != want {
			t.Errorf("cut at %v: %q", cut, got)
		}
	}
	if got := (Mean{Quantile: Quantile{Missing: 2}, Cut: time.Second}).WithInterval("", Duration); got != "too few (2 more)" {
		t.Errorf("of too few: %q", got)
	}
}

func TestNothingThatIsNotSeenStaysUnsaid(t *testing.T) {
	for in, want := range map[string]string{
		"a\u202eb": `a\u202eb`, "a\u2066b": `a\u2066b`, "a\u200bb": `a\u200bb`, "\ufeffa": `\ufeffa`, "a\u061cb": `a\u061cb`, "a\u00adb": `a\u00adb`,
		"a\u3164b": `a\u3164b`, "a\u115fb": `a\u115fb`, "a\ufe0fb": `a\ufe0fb`, "a\u034fb": `a\u034fb`, "a\u2800b": `a\u2800b`, "a\U000e0101b": `a\U000e0101b`,
		"naïve 日本 → ½ e\u0301": "naïve 日本 → ½ e\u0301",
	} {
		if got := Visible(in); got != want {
			t.Errorf("%+q is shown as %+q, want %q", in, got, want)
		}
	}
}

func FuzzVisible(f *testing.F) {
	f.Add("\x1b[2J\x1b]0;owned\x07 line\nbreak \u202egnirts \u0000 end")
	f.Add("plain text, ünï→code")
	f.Fuzz(func(t *testing.T, text string) {
		cleaned := Visible(text)
		for _, r := range cleaned {
			if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
				t.Errorf("%q keeps %q", text, r)
			}
		}
		if Visible(cleaned) != cleaned {
			t.Errorf("cleaning %q twice differs", text)
		}
	})
}
