package replicate

import (
	"strconv"
	"time"

	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// lock returns how a replica is locked: as its origin is, and where that has
// no retention by the default retention of the destination, counted from the
// creation time (S3 User Guide, What does Amazon S3 replicate).
func (d *delivery) lock(origin store.Lock) store.Lock {
	if origin.Mode != "" {
		return origin
	}
	doc, _ := d.to.Setting("object-lock")
	root, err := xmltree.Parse(doc)
	if err != nil {
		return origin // there is no Object Lock
	}
	byDefault := root.Child("Rule").Child("DefaultRetention")
	days, _ := strconv.Atoi(byDefault.Value("Days"))
	years, _ := strconv.Atoi(byDefault.Value("Years"))
	if days+years > 0 {
		origin.Mode = byDefault.Value("Mode")
		origin.Until = d.version.Modified.Add(time.Duration(days+365*years) * 24 * time.Hour)
	}
	return origin
}
