package console

// The smallest terminal that the screens are made for, in columns and rows.
const (
	LeastWidth  = 60
	LeastHeight = 16
)

// layout is where everything lies; all geometry of the frame is decided here.
//
//	header        product, sandbox, the two sides, where you are
//	(rail)        all places by name, on wide terminals
//	────────
//	body          the screen
//	────────
//	(notice)      while there is one; the body gives way
//	(question)    where it leaves the keys no room beside it
//	help          the live keys, or a question
type layout struct {
	width, height int
	small         bool // too small: only a note is drawn
	rail          bool
	bodyTop, body int // the first line and the number of lines of the body
}

func newLayout(width, height int) layout {
	l := layout{width: max(0, width), height: max(0, height)}
	if width < LeastWidth || height < LeastHeight {
		l.small = true
		return l
	}
	l.rail = width >= 120 && height >= 30
	l.bodyTop = 2
	if l.rail {
		l.bodyTop = 3
	}
	l.body = height - l.bodyTop - 2
	return l
}
