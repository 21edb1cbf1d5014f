package distance

import (
	"math"
	"math/rand/v2"
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

func TestDelaysHaveTheStatedMeanSpreadAndThroughput(t *testing.T) {
	const draws = 200_000
	for _, row := range []struct {
		from, to string
		mean     float64
	}{{"eu-west-1", "ap-southeast-1", 4.7}, {"ap-southeast-1", "eu-west-1", 11.1}} {
		draw := rand.New(rand.NewPCG(1, 2))
		sum, logs, squares := 0.0, 0.0, 0.0
		for range draws {
			d := Delay(row.from, row.to, 0, draw).Seconds()
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
	small := Delay("eu-west-1", "ap-southeast-1", 0, rand.New(rand.NewPCG(3, 4)))
	large := Delay("eu-west-1", "ap-southeast-1", 400e6, rand.New(rand.NewPCG(3, 4)))
	if got := large - small; (got - 10*time.Second).Abs() > time.Millisecond {
		t.Errorf("400 MB add %v, want 10s", got)
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
