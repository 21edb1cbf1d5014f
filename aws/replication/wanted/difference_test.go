package wanted_test

import (
	"testing"

	"bothways/aws/replication/wanted"
)

func TestPoliciesDifferByStatementAndElement(t *testing.T) {
	const sent = `{"Version":"2012-10-17","Statement":[
		{"Sid":"Ours","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:role/r"},"Action":["s3:ReplicateObject"],"Resource":"arn:aws:s3:::b/*"},
		{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`
	for name, c := range map[string]struct{ read, says string }{
		"the same in another spelling": {
			`{"Statement":[{"Sid":"Ours","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::1:role/r"]},"Action":"s3:ReplicateObject","Resource":["arn:aws:s3:::b/*"]},
				{"Effect":"Deny","Principal":"*","Action":["s3:*"],"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":["false"]}}}]}`, "",
		},
		"a principal that was deleted": {
			`{"Statement":[{"Sid":"Ours","Effect":"Allow","Principal":{"AWS":"AROAEXAMPLE"},"Action":"s3:ReplicateObject","Resource":"arn:aws:s3:::b/*"},
				{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`,
			"statement Ours: Principal.AWS arn:aws:iam::1:role/r -> AROAEXAMPLE",
		},
		"a condition that was dropped": {
			`{"Statement":[{"Sid":"Ours","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:role/r"},"Action":"s3:ReplicateObject","Resource":"arn:aws:s3:::b/*"},
				{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}`,
			"statement number 2: Condition.Bool.aws:SecureTransport false -> nothing",
		},
		"a statement that is gone": {
			`{"Statement":[{"Sid":"Ours","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:role/r"},"Action":"s3:ReplicateObject","Resource":"arn:aws:s3:::b/*"}]}`,
			"statement number 2 is gone",
		},
		"no policy": {"", "statement Ours is gone, statement number 2 is gone"},
	} {
		t.Run(name, func(t *testing.T) {
			if says := wanted.PolicyDifference(sent, c.read); says != c.says {
				t.Errorf("it says %q, want %q", says, c.says)
			}
		})
	}
}
