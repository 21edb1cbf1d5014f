package request

import (
	"encoding/xml"

	"bothways/aws/sandbox/xmltree"
)

// Text is a user's text in an answer: a key, a prefix, a marker. S3 writes what
// XML 1.0 can't carry as a reference all the same, which most parsers refuse.
type Text string

// MarshalXML implements xml.Marshaler.
func (t Text) MarshalXML(encoder *xml.Encoder, start xml.StartElement) error {
	return encoder.EncodeElement(struct {
		Inner string `xml:",innerxml"`
	}{xmltree.Escaped(string(t))}, start)
}
