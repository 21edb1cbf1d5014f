package body

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"
)

const blockSize = 64 << 10

func contentOf(t *testing.T, b *Body) []byte {
	t.Helper()
	content, err := io.ReadAll(b)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestContentIsTheSameAtEveryReadingAndInEverySection(t *testing.T) {
	const size = 3*blockSize + 17
	whole := contentOf(t, New("key", size))
	if len(whole) != size {
		t.Fatalf("%d bytes, want %d", len(whole), size)
	}
	if err := iotest.TestReader(New("key", size), whole); err != nil {
		t.Error(err)
	}
	for _, from := range []int64{0, 1, 7, blockSize - 1, blockSize, blockSize + 9, 2*blockSize + 5, size - 1} {
		section := New("key", size).Section(from, size-from)
		if !bytes.Equal(contentOf(t, section), whole[from:]) {
			t.Errorf("the section from %d differs from the whole", from)
		}
	}
	if _, err := New("key", size).Seek(-1, io.SeekStart); err == nil {
		t.Error("a seek before the start succeeds")
	}
}

func TestContentDiffersFromKeyToKeyAndDoesNotRepeat(t *testing.T) {
	one, two := contentOf(t, New("one", 2*blockSize)), contentOf(t, New("two", 2*blockSize))
	if bytes.Equal(one, two) || bytes.Equal(one[:blockSize], one[blockSize:]) {
		t.Error("content repeats")
	}
}

func TestReadingContentSetsNothingAsideForIt(t *testing.T) {
	b, buffer := New("key", 1<<30), make([]byte, 32<<10)
	if n := testing.AllocsPerRun(1000, func() { _, _ = b.Read(buffer) }); n > 2 {
		t.Errorf("%v allocations a read of 32 KiB", n)
	}
}

func BenchmarkBody(b *testing.B) {
	buffer := make([]byte, 32<<10)
	content := New("key", 1<<50)
	b.SetBytes(int64(len(buffer)))
	for b.Loop() {
		_, _ = content.Read(buffer)
	}
}
