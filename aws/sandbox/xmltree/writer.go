package xmltree

import (
	"encoding/xml"
	"strconv"
	"time"
)

// Writer writes a document of S3 element by element, in the order of the
// calls: a list has a thousand entries, for which a tree, or the reflection of
// encoding/xml, takes several times as long.
type Writer struct {
	text []byte
	root string
}

// NewWriter begins a document of S3 that will be about that many bytes long.
func NewWriter(root string, size int) *Writer {
	w := &Writer{root: root, text: make([]byte, 0, size)}
	w.text = append(w.text, xml.Header+"<"+root+` xmlns="`+Namespace+`">`...)
	return w
}

// Document ends the document and returns it.
func (w *Writer) Document() []byte {
	w.Close(w.root)
	return w.text
}

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
	w.text = t.UTC().AppendFormat(w.text, "2006-01-02T15:04:05")
	w.text = append(w.text, ".000Z"...)
	w.Close(name)
}
