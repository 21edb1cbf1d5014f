package chart

import (
	"math"
	"math/rand/v2"
	"time"

	"charm.land/lipgloss/v2"

	"bothways/probe/wording"
)

var demoSizes = []int64{128 << 10, 256 << 10, 512 << 10, 1 << 20, 2 << 20, 4 << 20, 64 << 20}

// demo is a run of so many rounds, as it looks between regions 200 ms apart.
func demo(rounds int) *Plot {
	r := rand.New(rand.NewPCG(1, 2))
	p := &Plot{}
	for round := range rounds {
		for i, size := range demoSizes {
			for series := range seriesCount {
				p.Add(demoPoint(r, round, i, series, size))
			}
		}
	}
	return p
}

func demoPoint(r *rand.Rand, round, i, series int, size int64) Point {
	value := time.Duration([]float64{4, 9.3}[series] * math.Exp(0.45*r.NormFloat64()) * float64(time.Second))
	at := time.Duration(round)*10*time.Second + time.Duration(2*i+series)*500*time.Millisecond
	point := Point{Series: series, Size: size, At: at, Value: value, Low: value - value/25, High: value + value/25}
	if r.IntN(60) == 0 {
		point.Kind, point.Low, point.High = AtLeast, 0, 0
	}
	if r.IntN(80) == 0 {
		point.Kind, point.Low, point.High = AtMost, 0, value
	}
	return point
}

// demoView shows the demo with its true medians.
func demoView(width, height, n int) View {
	v := View{Width: width, Height: height, Legend: true, Now: time.Duration(n) * 10 * time.Second}
	v.Series[0].Name, v.Series[1].Name, v.Words = "A → B", "B → A", words()
	for series := range seriesCount {
		e := Estimate{Series: series, N: n, Known: n >= 6, Value: []time.Duration{4 * time.Second, 9300 * time.Millisecond}[series]}
		e.Lower, e.Upper = e.Value*3/4, e.Value*4/3
		overall := e
		overall.N = n * len(demoSizes)
		overall.Lower, overall.Upper = e.Value*9/10, e.Value*10/9
		v.Overall[series] = worded(overall, 6-n)
		for _, size := range demoSizes {
			e.Size = size
			v.Medians = append(v.Medians, worded(e, 6-n))
		}
	}
	return v
}

func words() Words {
	return Words{Duration: wording.Duration, Precise: wording.Precise, Size: wording.Size, ShortSize: wording.ShortSize}
}

// worded is an estimate with its words; missing counts the samples that it
// takes where it is not known.
func worded(e Estimate, missing int) Estimate {
	q := wording.Quantile{Missing: missing, Value: e.Value, Lower: e.Lower, Upper: e.Upper, Open: e.Open}
	switch {
	case !e.Known:
	case e.Beyond:
		q.Bound = wording.Over
	case e.AtMost:
		q.Bound = wording.AtMost
	default:
		q.Bound = wording.Exact
	}
	e.Text, e.Whole = q.Text(wording.Duration), q.WithInterval("", wording.Duration)
	return e
}

func demoFlights(now time.Duration) []Flight {
	return []Flight{
		{Series: 0, Size: 512 << 10, At: now - 2100*time.Millisecond, Age: 2100 * time.Millisecond},
		{Series: 0, Size: 4 << 20, At: now - 400*time.Millisecond, Age: 400 * time.Millisecond},
		{Series: 1, Size: 128 << 10, At: now - 14200*time.Millisecond, Age: 14200 * time.Millisecond},
		{Series: 1, Size: 1 << 20, At: now - 3300*time.Millisecond, Age: 3300 * time.Millisecond},
	}
}

func coloured(v View) View {
	v.Axis = lipgloss.NewStyle().Foreground(lipgloss.Color("8"))
	v.Label = lipgloss.NewStyle().Foreground(lipgloss.Color("7"))
	v.Faint = lipgloss.NewStyle().Faint(true)
	v.Series[0].Style = lipgloss.NewStyle().Foreground(lipgloss.Color("6"))
	v.Series[1].Style = lipgloss.NewStyle().Foreground(lipgloss.Color("3"))
	return v
}
