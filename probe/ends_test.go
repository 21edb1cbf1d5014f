package probe

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
	"bothways/probe/body"
	"bothways/probe/cost"
	"bothways/probe/polling"
)

func TestBothEndPointsAreReportedOfEveryProbeThatWasPosted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(7 * time.Second)
		events, err := probeWorld(t.Context(), t, w, testConfig())
		if err != nil {
			t.Fatal(err)
		}
		posted := map[string]time.Time{}
		for _, s := range eventsOf[Sample](events) {
			posted[s.Key] = s.PostedAt
		}
		completed := eventsOf[CompletedEvent](events)
		if len(completed) != len(posted) || len(posted) != 18 {
			t.Fatalf("%d completions of %d samples, want 18 of each", len(completed), len(posted))
		}
		for _, e := range completed {
			_, visible := w.truth(e.Key)
			at := milliseconds(visible.Sub(posted[e.Key]))
			if e.Outcome != Replicated || e.LeftCensored || e.BracketMS[0] >= at || e.BracketMS[1] < at {
				t.Errorf("%s: %s, COMPLETED in %v, in truth at %v ms", e.Key, e.Outcome, e.BracketMS, at)
			}
			if width := e.BracketMS[1] - e.BracketMS[0]; width > at {
				t.Errorf("%s: the bracket of COMPLETED is %v ms wide", e.Key, width)
			}
			if e.HEADs > 12 {
				t.Errorf("%s: %d HEADs of the origin", e.Key, e.HEADs)
			}
		}
	})
}

func TestTheCorrectedDurationIsFreeOfTheWayBackFromTheOrigin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(6 * time.Second)
		cfg := testConfig()
		cfg.Pace, cfg.Rounds = polling.Fine, 12
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		bias := eventsOf[BiasEvent](events)
		if len(bias) != 1 || bias[0].AtoBMS != 10 || bias[0].BtoAMS != 90 || bias[0].DifferenceMS != 80 {
			t.Fatalf("the bias is %+v, want half of 20 and of 180 ms", bias)
		}
		var raw, corrected [2][]float64
		for _, s := range eventsOf[Sample](events) {
			if s.CorrectedMS < s.CommitBracketMS[0] || s.CorrectedMS > s.CommitBracketMS[1] {
				t.Errorf("the corrected duration %v lies outside of %v", s.CorrectedMS, s.CommitBracketMS)
			}
			if s.Round > 6 {
				raw[s.Direction] = append(raw[s.Direction], s.DurationMS)
				corrected[s.Direction] = append(corrected[s.Direction], s.CorrectedMS)
			}
		}
		middle := func(values []float64) float64 { slices.Sort(values); return values[len(values)/2] }
		off := func(v [2][]float64) float64 { return middle(v[pair.AtoB]) - middle(v[pair.BtoA]) }
		if got := off(raw) - off(corrected); got < 79 || got > 81 {
			t.Errorf("correcting moves the directions by %v ms against each other, want 80", got)
		}
		if got := middle(corrected[pair.BtoA]); got < 5900 || got > 6100 {
			t.Errorf("the corrected duration is %v ms, in truth 6,000", got)
		}
	})
}

func TestContentIsTheSameOnlyWhereBothSidesShowIt(t *testing.T) {
	whole, other := sums{"CRC32": "a=="}, sums{"CRC32": "b=="}
	for _, c := range []struct {
		uploaded, origin, replica sums
		want                      Content
		kinds                     string
	}{
		{whole, whole, whole, SameContent, "CRC32"},
		{sums{}, whole, whole, SameContent, "CRC32"},
		{sums{}, sums{"CRC32": "a==", "SHA1": "x"}, sums{"CRC32": "a==", "SHA1": "x"}, SameContent, "CRC32, SHA1"},
		{whole, whole, other, OtherContent, "CRC32"},
		{whole, other, other, OtherContent, "CRC32"},
		{whole, sums{}, other, OtherContent, "CRC32"},
		{whole, whole, sums{}, UnknownContent, ""},
		{whole, sums{}, whole, UnknownContent, ""},
		{sums{}, whole, sums{"CRC64NVME": "c=="}, UnknownContent, ""},
		{sums{}, sums{}, sums{}, UnknownContent, ""},
	} {
		if got, kinds := compare(c.uploaded, c.origin, c.replica); got != c.want || kinds != c.kinds {
			t.Errorf("uploaded %v, origin %v, replica %v: %s %q, want %s %q", c.uploaded, c.origin, c.replica, got, kinds, c.want, c.kinds)
		}
	}
	composite, value := sums{}, "a==-2"
	composite.add("CRC32", &value)
	if got, _ := compare(sums{}, composite, whole); got != UnknownContent {
		t.Errorf("a checksum of parts held against one of the whole object is %s", got)
	}
}

func TestARunForALengthOfTimeStartsNothingAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(2 * time.Second)
		cfg := testConfig()
		cfg.Sizes, cfg.Rounds, cfg.For, cfg.Every = []int64{1024}, 0, 25*time.Second, 10*time.Second
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		samples := eventsOf[Sample](events)
		if len(samples) != 5 {
			t.Errorf("%d samples of 25 s with a start every 5 s, want 5", len(samples))
		}
		opened := eventsOf[RunEvent](events)[0]
		for _, s := range samples {
			if s.PlannedAt.Sub(opened.StartedAt) > cfg.For+time.Second {
				t.Errorf("a probe starts %v after the beginning", s.PlannedAt.Sub(opened.StartedAt))
			}
		}
		if opened.ForMS != 25_000 {
			t.Errorf("the run says that it is for %d ms", opened.ForMS)
		}
		if cost := cfg.Estimate(); cost.Rounds != 3 || cost.Unending {
			t.Errorf("the estimate is for %d rounds", cost.Rounds)
		}
	})
}

func TestWhatWasAskedOfS3IsCountedAsItHappened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(2 * time.Second)
		cfg := testConfig()
		cfg.Sizes = []int64{1024, 17 << 20}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		used := eventsOf[cost.Usage](events)
		if last := events.events[len(events.events)-1]; len(used) != 1 || last.EventName() != "usage" {
			t.Fatalf("%d counts, the last event is %s", len(used), last.EventName())
		}
		asked := map[string]int64{}
		for request, n := range w.requests {
			asked[request[:3]] += int64(n)
		}
		got := used[0].Requests
		if got["HeadObject"] != asked["HEA"] || got["PutObject"]+got["UploadPart"] != asked["PUT"] ||
			got["CreateMultipartUpload"]+got["CompleteMultipartUpload"] != asked["POS"] || got["DeleteObject"] != asked["DEL"] ||
			got["ListObjectVersions"]+got["GetBucketVersioning"]+got["GetBucketReplication"]+got["GetObjectLockConfiguration"] != asked["GET"] {
			t.Errorf("counted %v, the server counts %v", got, asked)
		}
		bytes := int64(cfg.Rounds) * (1024 + 17<<20)
		if u := used[0]; u.BytesAtoB != bytes || u.ReplicatedAtoB != bytes || u.ReplicatedBtoA != bytes {
			t.Errorf("counted %+v, want %d bytes each way", u, bytes)
		}
		cost := cfg.Estimate()
		if ratio := used[0].Dollars / cost.Dollars; !used[0].Priced || ratio < .7 || ratio > 1.4 {
			t.Errorf("the run cost %v USD, the estimate was %v", used[0].Dollars, cost.Dollars)
		}
	})
}

func TestALargeUploadMayTakeMinutesToBePutTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		w.fault = func(request *http.Request) *http.Response {
			if request.Method == http.MethodPost && request.URL.Query().Has("uploadId") {
				<-time.After(10 * time.Minute)
			}
			return nil
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 1, []int64{body.SinglePutMax + 1}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != Replicated {
				t.Errorf("%s: %s", s.Outcome, s.Detail)
			}
		}
	})
}
