package rules_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/replicate/rules"
)

const seeGuide = " Please refer to S3 Developer Guide for more information."

// document wraps rules into a configuration.
func document(inner string) []byte {
	return []byte(`<ReplicationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
		`<Role>arn:aws:iam::000000000000:role/r</Role>` + inner + `</ReplicationConfiguration>`)
}

// v2 is a rule of the second schema with changes: an element replaces that of
// the same name, "-Name" leaves it out.
func v2(changes ...string) string {
	elements := []struct{ name, text string }{
		{"DeleteMarkerReplication", "<Status>Disabled</Status>"},
		{"Destination", "<Bucket>arn:aws:s3:::there</Bucket>"},
		{"Filter", ""},
		{"Priority", "1"},
		{"Status", "Enabled"},
	}
	var b strings.Builder
	b.WriteString("<Rule>")
	for _, e := range elements {
		text := "<" + e.name + ">" + e.text + "</" + e.name + ">"
		for _, change := range changes {
			if change == "-"+e.name || strings.HasPrefix(change, "<"+e.name+">") {
				text = ""
			}
		}
		b.WriteString(text)
	}
	for _, change := range changes {
		if !strings.HasPrefix(change, "-") {
			b.WriteString(change)
		}
	}
	b.WriteString("</Rule>")
	return b.String()
}

func check(doc []byte) error {
	c, err := rules.Parse(doc)
	if err != nil {
		return err
	}
	return c.Check("here")
}

const (
	bucket    = "<Bucket>arn:aws:s3:::there</Bucket>"
	malformed = "MalformedXML: The XML you provided was not well-formed or did not validate against our published schema"
)

func TestRefusalsInTheWordsOfS3(t *testing.T) {
	tag := func(key string) string { return "<Tag><Key>" + key + "</Key><Value>v</Value></Tag>" }
	destination := func(inner string) string { return "<Destination>" + bucket + inner + "</Destination>" }
	timed := func(minutes, threshold string) string {
		return destination("<ReplicationTime><Status>Enabled</Status><Time><Minutes>" + minutes + "</Minutes></Time></ReplicationTime>" +
			"<Metrics><Status>Enabled</Status>" + threshold + "</Metrics>")
	}
	const criteria = "<SourceSelectionCriteria><SseKmsEncryptedObjects><Status>Enabled</Status></SseKmsEncryptedObjects></SourceSelectionCriteria>"
	for name, row := range map[string]struct{ rules, want string }{
		"no rules":                   {"", malformed},
		"bad status":                 {v2("<Status>On</Status>"), malformed},
		"Prefix beside Filter":       {v2("<Prefix>p</Prefix>"), malformed},
		"two filter members":         {v2("<Filter><Prefix>p</Prefix>" + tag("k") + "</Filter>"), malformed},
		"And with one member":        {v2("<Filter><And><Prefix>p</Prefix></And></Filter>"), malformed},
		"ExistingObjectReplication":  {v2("<ExistingObjectReplication><Status>Enabled</Status></ExistingObjectReplication>"), malformed},
		"unknown element":            {v2("<Colour>red</Colour>"), malformed},
		"unknown storage class":      {v2(destination("<StorageClass>COLD</StorageClass>")), malformed},
		"no Priority":                {v2("-Priority"), "InvalidRequest: Priority must be specified for this version of Cross Region Replication configuration schema." + seeGuide},
		"no DeleteMarkerReplication": {v2("-DeleteMarkerReplication"), "InvalidRequest: DeleteMarkerReplication must be specified for this version of Cross Region Replication configuration schema." + seeGuide},
		"first schema with Priority": {v2("-Filter", "-DeleteMarkerReplication", "<Prefix></Prefix>"), "InvalidRequest: Priority cannot be used for this version of Cross Region Replication configuration schema." + seeGuide},
		"first schema with markers":  {v2("-Filter", "-Priority", "<Prefix></Prefix>"), "InvalidRequest: DeleteMarkerReplication cannot be used for this version of Cross Region Replication configuration schema." + seeGuide},
		"first schema with time":     {v2("-Filter", "-Priority", "-DeleteMarkerReplication", "<Prefix></Prefix>", timed("15", "")), "InvalidRequest: ReplicationTime cannot be used for this version of the replication configuration schema"},
		"markers with a tag":         {v2("<Filter>"+tag("k")+"</Filter>", "<DeleteMarkerReplication><Status>Enabled</Status></DeleteMarkerReplication>"), "InvalidRequest: Delete marker replication is not supported if any Tag filter is specified." + seeGuide},
		"duplicate priority":         {v2() + v2("<ID>b</ID>"), "InvalidRequest: Found duplicate priority 1."},
		"negative priority":          {v2("<Priority>-1</Priority>"), "InvalidRequest: Priority must be between 0 and 2147483647."},
		"duplicate tag key":          {v2("<Filter><And>" + tag("k") + tag("k") + "</And></Filter>"), "InvalidRequest: Duplicate Tag Keys are not allowed."},
		"duplicate id":               {v2("<ID>a</ID>") + v2("<ID>a</ID>", "<Priority>2</Priority>"), "InvalidArgument: Rule Id must be unique"},
		"long id":                    {v2("<ID>" + strings.Repeat("a", 256) + "</ID>"), "InvalidArgument: Rule Id cannot be greater than 255"},
		"id beyond ASCII":            {v2("<ID>ü</ID>"), "InvalidArgument: Rule ID must not contain non-ASCII characters"},
		"1001 rules":                 {strings.Repeat(v2(), 1001), "InvalidRequest: The number of replication rules must not exceed the allowed limit of 1000 rules."},
		"key without criteria":       {v2(destination("<EncryptionConfiguration><ReplicaKmsKeyID>arn:aws:kms:eu-west-1:000000000000:key/k</ReplicaKmsKeyID></EncryptionConfiguration>")), "InvalidRequest: SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present."},
		"criteria without key":       {v2(criteria), "InvalidRequest: ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present."},
		"empty criteria":             {v2("<SourceSelectionCriteria></SourceSelectionCriteria>"), "InvalidRequest: SourceSelectionCriteria cannot be empty."},
		"bad key":                    {v2(criteria, destination("<EncryptionConfiguration><ReplicaKmsKeyID>k</ReplicaKmsKeyID></EncryptionConfiguration>")), "InvalidArgument: Invalid ReplicaKmsKeyID ARN."},
		"override without account":   {v2(destination("<AccessControlTranslation><Owner>Destination</Owner></AccessControlTranslation>")), "InvalidRequest: Account must be specified if the Owner in AccessControlTranslation has a value"},
		"time without metrics":       {v2(destination("<ReplicationTime><Status>Enabled</Status><Time><Minutes>15</Minutes></Time></ReplicationTime>")), "InvalidRequest: Replication destination must contain both ReplicationTime and Metrics or neither."},
		"time of 10 minutes":         {v2(timed("10", "<EventThreshold><Minutes>15</Minutes></EventThreshold>")), "InvalidArgument: Invalid time minute value"},
		"time without threshold":     {v2(timed("15", "")), "InvalidArgument: ReplicationMetrics must contain an event threshold"},
		"threshold of 10 minutes":    {v2(timed("15", "<EventThreshold><Minutes>10</Minutes></EventThreshold>")), "InvalidArgument: Invalid event threshold minute value"},
		"threshold without time":     {v2(destination("<Metrics><Status>Enabled</Status><EventThreshold><Minutes>15</Minutes></EventThreshold></Metrics>")), "InvalidArgument: Metrics cannot contain an event threshold when ReplicationTime is not specified or Disabled"},
		"bad bucket ARN":             {v2("<Destination><Bucket>there</Bucket></Destination>"), "InvalidArgument: Invalid bucket ARN"},
		"destination is source":      {v2("<Destination><Bucket>arn:aws:s3:::here</Bucket></Destination>"), "InvalidRequest: Destination bucket cannot be the same as the source bucket."},
	} {
		t.Run(name, func(t *testing.T) {
			err := check(document(row.rules))
			var refused *refusal.Error
			if !errors.As(err, &refused) || err.Error() != row.want {
				t.Errorf("got  %v\nwant %s", err, row.want)
			}
		})
	}
}

func TestAcceptedConfigurations(t *testing.T) {
	for name, inner := range map[string]string{
		"everything":      v2(),
		"disabled":        v2("<Status>Disabled</Status>", "<Priority>0</Priority>"),
		"metrics alone":   v2("<Destination>" + bucket + "<Metrics><Status>Enabled</Status></Metrics></Destination>"),
		"first schema":    "<Rule><Prefix></Prefix><Status>Enabled</Status><Destination>" + bucket + "</Destination></Rule>",
		"prefix and tags": v2("<Filter><And><Prefix>p</Prefix><Tag><Key>k</Key><Value></Value></Tag></And></Filter>"),
	} {
		t.Run(name, func(t *testing.T) {
			if err := check(document(inner)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestDocumentKeepsWhatWasPutAndGetsAnID(t *testing.T) {
	c, err := rules.Parse(document(v2("<Filter><Prefix></Prefix></Filter>")))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check("here"); err != nil {
		t.Fatal(err)
	}
	got := string(c.Document())
	if !strings.Contains(got, "<Filter><Prefix></Prefix></Filter>") || c.Rules[0].ID == "" ||
		!strings.Contains(got, "<ID>"+c.Rules[0].ID+"</ID>") {
		t.Errorf("got %s", got)
	}
}

func TestMatchTakesTheHighestPriorityOfEachDestination(t *testing.T) {
	rule := func(id, filter, to string, priority int) string {
		return v2("<ID>"+id+"</ID>", "<Filter>"+filter+"</Filter>", fmt.Sprintf("<Priority>%d</Priority>", priority),
			"<Destination><Bucket>arn:aws:s3:::"+to+"</Bucket></Destination>")
	}
	c, err := rules.Parse(document(
		rule("all", "", "one", 1) + rule("logs", "<Prefix>logs/</Prefix>", "one", 5) + rule("other", "", "two", 2) +
			rule("red", "<Tag><Key>colour</Key><Value>red</Value></Tag>", "one", 9)))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check("here"); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		key    string
		tags   map[string]string
		marker bool
		want   string
	}{
		{"x", nil, false, "[all other]"},
		{"logs/x", nil, false, "[logs other]"},
		{"logs/x", map[string]string{"colour": "red"}, false, "[red other]"},
		{"logs/x", map[string]string{"colour": "blue"}, false, "[logs other]"},
		{"x", nil, true, "[]"},
	} {
		var ids []string
		for _, r := range c.Match(row.key, row.tags, row.marker) {
			ids = append(ids, r.ID)
		}
		if got := fmt.Sprint(ids); got != row.want {
			t.Errorf("%s %v marker %v: %s, want %s", row.key, row.tags, row.marker, got, row.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(document(v2()))
	f.Add(document(v2("<ID>a</ID>") + v2("<Priority>2</Priority>", "<Filter><Prefix> p</Prefix></Filter>")))
	f.Add([]byte("<ReplicationConfiguration><Role/><Rule/></ReplicationConfiguration>"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		c, err := rules.Parse(doc)
		if err != nil {
			return
		}
		if c.Check("here") != nil {
			return
		}
		// What is given back must read as the same configuration.
		again, err := rules.Parse(c.Document())
		if err != nil {
			t.Fatalf("%v in its own document %s", err, c.Document())
		}
		if err := again.Check("here"); err != nil {
			t.Fatalf("%v in its own document %s", err, c.Document())
		}
		if fmt.Sprint(c.Rules) != fmt.Sprint(again.Rules) || c.Role != again.Role {
			t.Errorf("%v became %v", c.Rules, again.Rules)
		}
	})
}
