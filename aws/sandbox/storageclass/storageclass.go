// Package storageclass lists the storage classes of S3 for all rooms of the
// sandbox.
package storageclass

import "time"

// Class is a storage class.
type Class struct {
	// Uploads says that an upload can ask for it; a rule can name every class here
	// (S3 API Reference, PutObject and Destination).
	Uploads bool
	// Retrieval is how long a retrieval from an archive takes in each tier that
	// serves it, the middle of what S3 says of it; a class without any is no
	// archive (S3 User Guide, Archive retrieval options).
	Retrieval map[string]time.Duration
}

// Archive says whether an object has to be restored before it can be read.
func (c Class) Archive() bool { return c.Retrieval != nil }

var classes = map[string]Class{
	"STANDARD": {true, nil}, "REDUCED_REDUNDANCY": {true, nil}, "STANDARD_IA": {true, nil}, "ONEZONE_IA": {true, nil},
	"INTELLIGENT_TIERING": {true, nil}, "GLACIER_IR": {true, nil},
	"GLACIER":      {true, map[string]time.Duration{"Expedited": 3 * time.Minute, "Standard": 4 * time.Hour, "Bulk": 8 * time.Hour}},
	"DEEP_ARCHIVE": {true, map[string]time.Duration{"Standard": 12 * time.Hour, "Bulk": 48 * time.Hour}},
	"OUTPOSTS":     {false, nil}, "SNOW": {false, nil}, "EXPRESS_ONEZONE": {false, nil}, "FSX_ONTAP": {false, nil},
}

// Of returns the class of a name; one that there is not has nothing.
func Of(name string) Class { return classes[name] }

// Known says whether there is a class of that name.
func Known(name string) bool { _, found := classes[name]; return found }

// Kept is the name that a version keeps of a class: "" for STANDARD.
func Kept(name string) string {
	if name == "STANDARD" {
		return ""
	}
	return name
}
