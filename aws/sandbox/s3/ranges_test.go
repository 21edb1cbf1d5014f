package s3

import "testing"

func FuzzParseRange(f *testing.F) {
	for _, text := range []string{"bytes=0-4", "bytes=5-", "bytes=-3", "bytes=9-2", "bytes=-0", "bytes=1-2,3-4", "rubbish", ""} {
		f.Add(text, int64(10))
	}
	f.Fuzz(func(t *testing.T, text string, size int64) {
		if size < 0 {
			return
		}
		offset, length, ok := parseRange(text, size)
		if !ok {
			return
		}
		if offset < 0 || length < 0 || length > size || length > 0 && offset > size-length {
			t.Errorf("%q of %d bytes: %d bytes from %d", text, size, length, offset)
		}
	})
}
