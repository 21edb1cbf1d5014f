package distance

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestRoundTripsFromDublin(t *testing.T) {
	for region, want := range map[string]time.Duration{
		"eu-west-1": 12 * time.Millisecond, "ap-southeast-1": 175 * time.Millisecond,
		"us-east-1": 90 * time.Millisecond, "eu-central-1": 30 * time.Millisecond,
	} {
		if got := RoundTrip(region); math.Abs(float64(got-want)) > float64(5*time.Millisecond) {
			t.Errorf("%s is %v away, want about %v", region, got, want)
		}
	}
}

func TestMeansOfAllPairsArePlausible(t *testing.T) {
	var means []float64
	for from := range places {
		for to := range places {
			if from != to {
				means = append(means, Mean(from, to))
			}
		}
	}
	if low, high := slices.Min(means), slices.Max(means); low < 3 || high > 15 || high-low < 5 {
		t.Errorf("means from %.1f to %.1f s, want spread within 3 to 15", low, high)
	}
}
