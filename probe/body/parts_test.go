package body

import "testing"

func TestPartsGrowSoThatTheLargestObjectHasNoMoreThanTenThousand(t *testing.T) {
	for _, size := range []int64{16<<20 + 1, 5 << 30, 80 << 30, 1 << 40, MaxSize - 1, MaxSize} {
		step := PartSize(size)
		if parts := (size + step - 1) / step; parts > 10_000 || step > 5<<30 || step < 5<<20 {
			t.Errorf("%d bytes go up in %d parts of %d", size, parts, step)
		}
	}
}
