package inventory

import (
	"strings"

	"bothways/aws/sandbox/xmltree"
)

// configuration is an InventoryConfiguration (S3 API Reference).
type configuration struct {
	id          string
	enabled     bool
	weekly      bool
	all         bool // versions, not only the current ones
	prefix      string
	fields      []field
	format      string
	destination string // a bucket
	under       string // the prefix there, "" or ending in a slash
	algorithm   string // of the encryption of lists
	key         string
}

// read reads a document that was checked when it was put.
func read(document []byte) configuration {
	root, err := xmltree.Parse(document)
	if err != nil {
		return configuration{}
	}
	to := root.Child("Destination").Child("S3BucketDestination")
	c := configuration{
		id:          root.Value("Id"),
		enabled:     root.Value("IsEnabled") == "true",
		weekly:      root.Child("Schedule").Value("Frequency") == "Weekly",
		all:         root.Value("IncludedObjectVersions") == "All",
		prefix:      root.Child("Filter").Value("Prefix"),
		format:      to.Value("Format"),
		destination: to.Value("Bucket")[strings.LastIndex(to.Value("Bucket"), ":")+1:],
		under:       to.Value("Prefix"),
		algorithm:   "AES256",
	}
	if c.under != "" && !strings.HasSuffix(c.under, "/") {
		c.under += "/"
	}
	if key := to.Child("Encryption").Child("SSE-KMS"); key != nil {
		c.algorithm, c.key = "aws:kms", key.Value("KeyId")
	}
	asked := map[string]bool{}
	for _, n := range root.Child("OptionalFields").All("Field") {
		asked[n.Text] = true
	}
	for _, f := range fields {
		if f.fixed && (c.all || !f.version) || asked[f.optional] {
			c.fields = append(c.fields, f)
		}
	}
	return c
}
