package request

// Owner is whom a bucket, an object or an upload belongs to, as an element.
type Owner struct {
	ID string `xml:"ID"`
}
