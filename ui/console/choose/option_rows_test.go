package choose

import (
	"reflect"
	"testing"

	"bothways/aws/pair"
)

// Whatever a pair can be told is a row of the options, but for what is asked
// in each run.
func TestEveryOptionOfAPairIsARow(t *testing.T) {
	usual := pair.Pair{
		A: pair.Side{Region: "eu-west-1", Bucket: "one"}, B: pair.Side{Region: "us-east-1", Bucket: "two"},
	} // without delete markers, which a filter by tags would switch off
	texts := []string{
		"arn:aws:kms:eu-west-1:111122223333:key/1", "arn:aws:kms:us-east-1:111122223333:key/1", "arn:aws:iam::111122223333:role/x", "a=b", "x/",
		"arn:aws:iam::111122223333:policy/x", "/x/",
	}
	rows := map[string]string{}
	for _, row := range append(usualOptions(), moreOptions()...) {
		p := usual
		if row.change != nil {
			row.change(&p)
		}
		for i := 0; row.take != nil && p == usual && i < len(texts); i++ {
			_ = row.take(&p, texts[i]) // one that it refuses changes nothing
		}
		if row.value(p) == row.value(usual) {
			t.Errorf("%s reads %q whatever it is", row.name, row.value(p))
		}
		if row.name == "" || row.means == "" || row.costs == "" {
			t.Errorf("%+v is not explained", row)
		}
		for _, kinds := range [][2]any{{usual.Options, p.Options}, {usual.Given, p.Given}} {
			before, after := reflect.ValueOf(kinds[0]), reflect.ValueOf(kinds[1])
			for i := range before.NumField() {
				if !before.Field(i).Equal(after.Field(i)) {
					rows[before.Type().Field(i).Name] = row.name
				}
			}
		}
	}
	for _, kind := range []reflect.Type{reflect.TypeFor[pair.Options](), reflect.TypeFor[pair.Given]()} {
		for i := range kind.NumField() {
			if name := kind.Field(i).Name; rows[name] == "" {
				t.Errorf("%s can't be chosen on the screen", name)
			}
		}
	}
}
