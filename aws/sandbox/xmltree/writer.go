package xmltree

import (
	"encoding/xml"
	"strconv"
	"sync"
	"time"
)

// Writer writes a document of S3 element by element, in the order of the
// calls: a list has a thousand entries, for which a tree, or the reflection of
// encoding/xml, takes several times as long.
type Writer struct {
	text []byte
	root string
}

// released are writers whose room can be used again: a page of a list is half a
// megabyte, which would keep the collector busy.
var released sync.Pool

// NewWriter begins a document of S3 that will be about that many bytes long.
func NewWriter(root string, size int) *Writer {
	w, _ := released.Get().(*Writer)
	if w == nil || cap(w.text) < size {
		w = &Writer{text: make([]byte, 0, size)}
	}
	w.root, w.text = root, w.text[:0]
	w.text = append(w.text, xml.Header+"<"+root+` xmlns="`+Namespace+`">`...)
	return w
}

// Document ends the document and returns it.
func (w *Writer) Document() []byte {
	w.Close(w.root)
	return w.text
}

// Release gives the room of the document back, which nobody may use from now on.
func (w *Writer) Release() { released.Put(w) }

// Open begins an element of others, which Close ends.
func (w *Writer) Open(name string) {
	w.text = append(w.text, '<')
	w.text = append(w.text, name...)
	w.text = append(w.text, '>')
}

// Close ends an element.
func (w *Writer) Close(name string) {
	w.text = append(w.text, "</"...)
	w.text = append(w.text, name...)
	w.text = append(w.text, '>')
}

// Leaf writes an element of text, as Escaped has it.
func (w *Writer) Leaf(name, text string) {
	w.Open(name)
	w.text = append(w.text, Escaped(text)...)
	w.Close(name)
}

// Some writes an element of text unless the text is empty.
func (w *Writer) Some(name, text string) {
	if text != "" {
		w.Leaf(name, text)
	}
}

// Number writes an element of a number.
func (w *Writer) Number(name string, n int64) {
	w.Open(name)
	w.text = strconv.AppendInt(w.text, n, 10)
	w.Close(name)
}

// Truth writes an element of true or false.
func (w *Writer) Truth(name string, b bool) {
	w.Open(name)
	w.text = strconv.AppendBool(w.text, b)
	w.Close(name)
}

// Quoted writes an element of a text without odd characters in quotation
// marks, such as an ETag, with S3's reference for them.
func (w *Writer) Quoted(name, plain string) {
	w.Open(name)
	w.text = append(w.text, "&quot;"...)
	w.text = append(w.text, plain...)
	w.text = append(w.text, "&quot;"...)
	w.Close(name)
}

// Stamp writes an element of when something came to be, as S3 does: in the
// form of milliseconds, but to the second, as headers have it.
func (w *Writer) Stamp(name string, t time.Time) {
	w.Open(name)
	// By hand: AppendFormat, which reads its layout each time, takes a tenth of
	// what a page of a list takes.
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	w.digits(year, 4, '-')
	w.digits(int(month), 2, '-')
	w.digits(day, 2, 'T')
	w.digits(hour, 2, ':')
	w.digits(minute, 2, ':')
	w.digits(second, 2, '.')
	w.text = append(w.text, "000Z"...)
	w.Close(name)
}

// digits writes the last digits of a number, and what comes after it.
func (w *Writer) digits(n, width int, after byte) {
	at := len(w.text)
	w.text = append(w.text, "0000"[:width]...)
	for i := at + width - 1; i >= at; i-- {
		w.text[i] = byte('0' + n%10)
		n /= 10
	}
	w.text = append(w.text, after)
}

// Plain writes an element of a text without odd characters.
func (w *Writer) Plain(name, plain string) {
	w.Open(name)
	w.text = append(w.text, plain...)
	w.Close(name)
}
