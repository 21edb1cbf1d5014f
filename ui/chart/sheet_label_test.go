package chart

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// drawnText is a text of a drawing and the room that it takes in a wide font.
type drawnText struct {
	words       string
	left, right float64
	row         string
}

func labelsOf(t *testing.T, text string) []drawnText {
	t.Helper()
	var drawing struct {
		Texts []struct {
			X      float64 `xml:"x,attr"`
			Y      string  `xml:"y,attr"`
			Anchor string  `xml:"text-anchor,attr"`
			Words  string  `xml:",chardata"`
		} `xml:"text"`
	}
	if err := xml.Unmarshal([]byte(text), &drawing); err != nil {
		t.Fatal(err)
	}
	labels := make([]drawnText, 0, len(drawing.Texts))
	for _, l := range drawing.Texts {
		// Of DejaVu Sans, which is wider than most, digits take 7.6 pixels at
		// this size and "min" 22; "s" and spaces less than 7.
		width := 7.0 * float64(len([]rune(l.Words)))
		left := map[string]float64{"": l.X, "middle": l.X - width/2, "end": l.X - width}[l.Anchor]
		labels = append(labels, drawnText{l.Words, left, left + width, l.Y})
	}
	return labels
}

func TestNoLabelOfAnAxisIsCutOffOrLiesOnAnother(t *testing.T) {
	for _, width := range []int{360, 860} {
		for _, longest := range []time.Duration{900 * time.Millisecond, 2 * time.Second, 29 * time.Second, time.Minute, 9 * time.Minute, 10 * time.Minute, 900 * time.Second, 50 * time.Minute, 10 * time.Hour} {
			for _, shortest := range []time.Duration{30 * time.Millisecond, 400 * time.Millisecond, longest / 2} {
				s := &Sheet{ID: "s", Width: width, Height: 400, Series: [2]string{"A → B", "B → A"}, Points: []Point{
					{Value: shortest, Low: shortest, High: shortest, Size: 1 << 20},
					{Value: longest, Low: longest, High: longest, Size: 1000003, At: longest, Series: 1},
				}}
				for name, draw := range sheets {
					text := draw(s)
					lowest, of := "", fmt.Sprintf("%s, %d wide, %v to %v", name, width, shortest, longest)
					rows := map[string][]drawnText{}
					for _, l := range labelsOf(t, text) {
						if l.left < 0 || l.right > float64(width) {
							t.Errorf("%s: %q lies from %.0f to %.0f", of, l.words, l.left, l.right)
						}
						if l.row == fmt.Sprint(s.Height-sheetBottom+17) {
							lowest = l.row
						}
						rows[l.row] = append(rows[l.row], l)
					}
					axis := rows[lowest]
					if len(axis) == 0 {
						t.Errorf("%s: no labels below: %s", of, strings.Split(text, "\n")[0])
					}
					slices.SortFunc(axis, func(a, b drawnText) int { return cmp.Compare(a.left, b.left) })
					for i := 1; i < len(axis); i++ {
						if axis[i].left < axis[i-1].right+2 {
							t.Errorf("%s: %q ends at %.0f, %q begins at %.0f", of, axis[i-1].words, axis[i-1].right, axis[i].words, axis[i].left)
						}
					}
				}
			}
		}
	}
}
