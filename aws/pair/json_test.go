package pair_test

import (
	"encoding/json"
	"testing"

	"bothways/aws/pair"
)

// Records of every version hold the options, what was given and, in earlier
// ones, what the run agreed to in one object.
func TestAPairIsReadFromARecordOfAnyVersion(t *testing.T) {
	want := pair.Pair{
		A: pair.Side{Region: "eu-west-1", Bucket: "one"}, B: pair.Side{Region: "us-east-1", Bucket: "two"},
		Options: pair.Options{Prefix: "dr/", DeleteMarkers: true},
		Given:   pair.Given{RoleAtoB: "arn:aws:iam::111122223333:role/r", KeyB: "arn:aws:kms:us-east-1:111122223333:key/k"},
	}
	const earlier = `{"a":{"region":"eu-west-1","bucket":"one"},"b":{"region":"us-east-1","bucket":"two"},` +
		`"options":{"prefix":"dr/","delete_markers":true,"replica_modifications":false,"metrics":false,` +
		`"key_b":"arn:aws:kms:us-east-1:111122223333:key/k","role_a_to_b":"arn:aws:iam::111122223333:role/r","merge":true,"convert_v1":true}}`
	now, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{earlier, string(now)} {
		var got pair.Pair
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is read as %+v, %v", text, got, err)
		}
	}
	var members struct{ Options map[string]any }
	if err := json.Unmarshal(now, &members); err != nil || members.Options["role_a_to_b"] != want.Given.RoleAtoB || members.Options["key_b"] != want.Given.KeyB || members.Options["merge"] != nil {
		t.Errorf("it is written as %s", now)
	}
}

func TestAConsentIsReadBackAsItWasWritten(t *testing.T) {
	for agreed, text := range map[pair.Consent]string{0: `""`, pair.Merge: `"merge"`, pair.ConvertV1: `"convert-v1"`, pair.Merge | pair.ConvertV1: `"merge,convert-v1"`} {
		written, err := json.Marshal(agreed)
		if err != nil || string(written) != text {
			t.Errorf("%d is written as %s, %v", agreed, written, err)
		}
		var back pair.Consent
		if err := json.Unmarshal(written, &back); err != nil || back != agreed {
			t.Errorf("%s is read as %d, %v", written, back, err)
		}
	}
	var c pair.Consent
	if err := json.Unmarshal([]byte(`"anything"`), &c); err == nil {
		t.Error("anything can be agreed to")
	}
	if pair.Merge.To(pair.ConvertV1) || !(pair.Merge | pair.ConvertV1).To(pair.Merge) {
		t.Error("one consent is taken for another")
	}
}
