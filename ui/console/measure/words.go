package measure

import (
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// figureWords explain what stands on the screens of a measurement.
func figureWords() []widget.Word {
	return []widget.Word{
		{Says: "n 42 +3", Means: "42 probes arrived, and 3 are in flight. Behind the figures stand those that arrived and, with the time that they were watched, those that gave up, were interrupted or are in flight. Failed and suspended ones measured nothing."},
		{Says: "lost", Means: "gave up at the limit, or failed."},
		{Says: "worth 14", Means: "delays come in bursts, so those that follow each other are alike: of the middle these tell as much as 14 independent ones."},
		{Says: "4.3 s (3.3 to 5.8)", Means: "a median or another quantile, with its interval. " + widget.Upper(intervalsNote())},
		{Says: wording.TooFew, Means: "so few samples give no interval at 95 %, and so no number; in brackets stands how many more it takes. Too few arrivals: some of those behind n did not arrive."},
		{Says: "over, at most", Means: "over: longer than this, as far as it was watched. At most: the first look found it already."},
		{Says: "2.3 times as long", Means: "the middle of all ratios of a sample of the one direction to a sample of the other (Hodges-Lehmann), with its 95 % interval."},
		{Says: "95 % at every look", Means: "an interval that holds however often you look, while the run goes on or after it was stopped: the chance that the true value is ever outside is at most 5 %, where the run saw several of the bursts that delays come in. For that it is wider. A run that ended as planned is looked at once, and says 95 % alone."},
		{Says: "per doubling", Means: "by how much a file of twice the size takes longer: the slope of the durations over the sizes, both logarithmic. At most ×1.5 from 128 KiB to 4 MiB bounds the whole way between the two sizes. Each direction's own stands above the chart by size on a large terminal, and below the table."},
		{Says: "COMPLETED", Means: "a row of the table: until the object reads so at its origin. All others: until it can be read on the other side."},
	}
}

// chartWords explain the marks of the charts.
func chartWords(ascii bool) []widget.Word {
	words := []widget.Word{
		{Says: "v", Means: "goes round the views: " + chartViewNames[bySize] + ", " + chartViewNames[overTime] + ", " + chartViewNames[histogram] + "."},
		{Says: "╂ ┃", Means: "by size: the median and, as long as the line, its 95 % interval."},
		{Says: "⇑ ⇓ ⇒", Means: "an interval that goes on beyond the plot, or has no end there."},
		{Says: "╌ ╎", Means: "the target, where one was set."},
		{Says: "━ ┌┄ └┄", Means: "over time: the median of the direction and the ends of its 95 % interval; once the run is over in steps, where its level changed. In the histogram ┿ ━ are the same."},
		{Says: "│", Means: "over time: a probe's bracket, from the last look that missed it to the first that found it. The true time lies in it."},
		{Says: "● ◆", Means: "probes, one mark each while there is room, in the middle of their brackets; ▲ △ took longer than this, ○ ◇ at most this, ↑ ⇡ are in flight."},
		{Says: "c ◉", Means: "c puts a cursor on a probe, which is told whole; left and right go on to its neighbours, and c again copies its line for the AWS CLI."},
		{Says: "z ∘", Means: "z shows one size; probes of the others are faint."},
	}
	if ascii {
		words[1].Says, words[2].Says, words[3].Says, words[4].Says, words[5].Says, words[6].Says = "+ |", "* < >", "_ !", "= ,- `-", "|", "o x"
		words[7].Says, words[8].Says = "c @", "z ;"
		words[4].Means = "over time: the median of the direction and its 95 % interval; once the run is over in steps, where its level changed. In the histogram + - are the same."
		words[6].Means = "probes, one mark each while there is room, in the middle of their brackets; ^ A took longer than this, c v at most this, i j are in flight."
	}
	return words
}

func (s *probeScreen) Words() []widget.Word {
	if s.choosing || s.m == nil {
		return nil
	}
	return append(figureWords(), chartWords(s.host.Look().ASCII)...)
}

func (s *resultsScreen) Words() []widget.Word {
	if s.measured() == nil {
		return nil
	}
	return append(figureWords(), chartWords(s.host.Look().ASCII)...)
}
