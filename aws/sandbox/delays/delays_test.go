package delays

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// drawn are delays in seconds of objects of no size that are written once every
// seconds from Ireland to Singapore.
func drawn(t *testing.T, law string, n int, every float64) []float64 {
	t.Helper()
	parsed, err := Parse(law)
	if err != nil {
		t.Fatal(err)
	}
	source, all := parsed.New(3), make([]float64, n)
	for i := range all {
		all[i] = source.Delay("eu-west-1", "ap-southeast-1", 0, float64(i)*every, rand.New(rand.NewPCG(5, uint64(i)))).Seconds()
	}
	return all
}

func TestIndependentDelaysHaveThePublishedMeansTheStatedSpreadAndThroughput(t *testing.T) {
	const draws = 200_000
	for _, row := range []struct {
		from, to string
		mean     float64
	}{{"eu-west-1", "ap-southeast-1", 4.7}, {"ap-southeast-1", "eu-west-1", 11.1}} {
		source, draw := Law{}.New(1), rand.New(rand.NewPCG(1, 2))
		sum, logs, squares := 0.0, 0.0, 0.0
		for range draws {
			d := source.Delay(row.from, row.to, 0, 0, draw).Seconds()
			sum += d
			logs += math.Log(d)
			squares += math.Log(d) * math.Log(d)
		}
		mean := sum / draws
		spread := math.Sqrt(squares/draws - logs/draws*logs/draws)
		if math.Abs(mean/row.mean-1) > 0.01 || math.Abs(spread-0.6) > 0.005 {
			t.Errorf("%s to %s: mean %.2f s, sigma %.3f", row.from, row.to, mean, spread)
		}
	}
	of := func(size int64) time.Duration {
		return Law{}.New(1).Delay("eu-west-1", "ap-southeast-1", size, 0, rand.New(rand.NewPCG(3, 4)))
	}
	if got := of(400e6) - of(0); (got - 10*time.Second).Abs() > time.Millisecond {
		t.Errorf("400 MB add %v, want 10s", got)
	}
}

// What is seen of a law depends on how long one looks; over whole bursts, days
// and ways up and down half of the delays lie below the median, whatever the law.
func TestAllLawsHaveTheSameMedian(t *testing.T) {
	want := Median("eu-west-1", "ap-southeast-1")
	for _, law := range []string{
		"independent", "ar1:phi=0.5", "ar1:phi=0.95", "bursty", "bursty:on=1m,off=30s,factor=20", MildlyBursty().String(),
		"ticks:every=2s", "diurnal:period=1h,swing=3", "drift:over=40m,factor=8",
	} {
		// A hundred hours, the smallest piece of which is a whole number of all
		// of the above.
		all := drawn(t, law, 200_000, 1.8)
		slices.Sort(all)
		if got := all[len(all)/2]; math.Abs(got/want-1) > .03 {
			t.Errorf("%s: the median of delays is %.2f s, want %.2f s", law, got, want)
		}
	}
}

func TestLawsOfTimeDontDependOnTheOrderOfDraws(t *testing.T) {
	for _, law := range []string{"bursty", "ticks", "diurnal:period=5m", "drift:over=3m"} {
		parsed, _ := Parse(law)
		source := parsed.New(3)
		forwards := drawn(t, law, 500, 1)
		for i := range slices.Backward(forwards) {
			got := source.Delay("eu-west-1", "ap-southeast-1", 0, float64(i), rand.New(rand.NewPCG(5, uint64(i)))).Seconds()
			if got != forwards[i] {
				t.Fatalf("%s: at %d s %v, in order %v", law, i, got, forwards[i])
			}
		}
	}
}

func TestAnotherSeedHasOtherBurstsTicksAndBeginnings(t *testing.T) {
	for _, law := range []string{"ar1", "bursty", "ticks"} {
		parsed, _ := Parse(law)
		same := true
		for i := range 300 {
			first, second := parsed.New(3), parsed.New(4)
			a := first.Delay("eu-west-1", "us-east-1", 0, float64(i), rand.New(rand.NewPCG(5, 6)))
			b := second.Delay("eu-west-1", "us-east-1", 0, float64(i), rand.New(rand.NewPCG(5, 6)))
			same = same && a == b
		}
		if same {
			t.Errorf("%s: two seeds draw the same delays", law)
		}
	}
}

func TestALawIsReadAsItIsWritten(t *testing.T) {
	for text, want := range map[string]string{
		"independent":                      "independent",
		"ar1":                              "ar1:phi=0.8",
		"ar1:phi=.35":                      "ar1:phi=0.35",
		"bursty:factor=1.5":                "bursty:on=30s,off=2m,factor=1.5",
		"bursty:on=30s,off=120s,factor=4":  "bursty:on=30s,off=2m,factor=4",
		"ticks:every=250ms":                "ticks:every=250ms",
		"diurnal:swing=3,period=1h":        "diurnal:period=1h,swing=3",
		"drift:over=720h,factor=1":         "drift:over=720h,factor=1",
		"ticks:every=1.234567891s":         "ticks:every=1.234567891s",
		"bursty:off=1ms,on=1ms,factor=1e3": "bursty:on=1ms,off=1ms,factor=1000",
	} {
		law, err := Parse(text)
		if err != nil || law.String() != want {
			t.Errorf("%s reads as %s (%v), want %s", text, law, err, want)
		}
		if again, err := Parse(want); err != nil || again != law {
			t.Errorf("%s reads as %s (%v)", want, again, err)
		}
	}
	if (Law{}).Name() != "independent" {
		t.Errorf("the zero value is %s", Law{})
	}
}

func TestWhatIsNoLawIsRefusedWithTheChoices(t *testing.T) {
	for text, words := range map[string][]string{
		"":                    {`no law ""`, "independent, ar1, bursty, ticks, diurnal or drift"},
		"bursti:on=1s":        {`"bursti"`, "bursty"},
		"Bursty":              {`"Bursty"`, "bursty"},
		"independent:":        {"no parameter"},
		"independent:phi=1":   {"no parameter", `"phi=1"`},
		"ar1:":                {"phi", `""`, "ar1:phi=0.8"},
		"ar1:rho=0.8":         {"phi", `"rho=0.8"`},
		"ar1:phi":             {"phi of ar1", `""`, "0 to 0.999"},
		"ar1:phi=1":           {"phi of ar1", `"1"`, "0 to 0.999"},
		"ar1:phi=NaN":         {`"NaN"`, "a number"},
		"ar1:phi=-0.1":        {`"-0.1"`},
		"bursty:on=30":        {"on of bursty", `"30"`, "a time from 1ms to 720h", "30s"},
		"bursty:on=0s":        {`"0s"`},
		"bursty:factor=Inf":   {`"Inf"`, "1 to 1000"},
		"bursty:on=1s,on=2s":  {"on twice"},
		"bursty:on=1s,":       {"on, off and factor", `""`},
		"ticks:every=1000h":   {`"1000h"`, "720h"},
		"bursty:on=1s;off=2s": {`"1s;off=2s"`},
	} {
		_, err := Parse(text)
		if err == nil {
			t.Errorf("%q is read", text)
			continue
		}
		for _, word := range words {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%q: %v, want %s in it", text, err, word)
			}
		}
	}
}

func TestEveryChoiceIsOne(t *testing.T) {
	for i, c := range Choices() {
		if law, err := Parse(c.Text); err != nil || law != usual(i) || c.Meaning == "" {
			t.Errorf("%s: %v, %v, %q", c.Text, law, err, c.Meaning)
		}
		if len(kinds[i].parameters) > most {
			t.Errorf("%s has more parameters than a law holds", c.Text)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range Choices() {
		f.Add(c.Text, 3600.0)
	}
	f.Add("ticks:every=1ms", 1e9)
	f.Add("bursty:on=1ms,off=720h,factor=1000", 12.5)
	f.Add("ar1:phi=0x1p-2", 0.0)
	f.Fuzz(func(t *testing.T, text string, at float64) {
		law, err := Parse(text)
		if err != nil {
			if law != (Law{}) {
				t.Errorf("%q is refused with %v, and is %v", text, err, law)
			}
			return
		}
		if again, err := Parse(law.String()); err != nil || again != law {
			t.Errorf("%q reads as %v, which reads as %v (%v)", text, law, again, err)
		}
		if math.IsNaN(at) || at < 0 || at > 1e9 {
			return
		}
		source := law.New(1)
		for i := range 3 {
			d := source.Delay("eu-west-1", "us-east-1", 1<<20, at, rand.New(rand.NewPCG(1, uint64(i))))
			if d <= 0 || d > 2000*time.Hour {
				t.Errorf("%v: a delay of %v at %v s", law, d, at)
			}
		}
	})
}
