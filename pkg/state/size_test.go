package state

import "testing"

func TestBytes(t *testing.T) {
	tests := []struct {
		n            uint64
		exact, about string
	}{
		{0, "0", "0 bytes"},
		{12, "12", "12 bytes"},
		{1023, "1023", "1023 bytes"},
		{1024, "1KiB", "1.00KiB"},
		{1025, "1025", "1.00KiB"},
		{1536 << 20, "1536MiB", "1.50GiB"},
		{400 << 30, "400GiB", "400GiB"},
		{1000 << 30, "1000GiB", "0.98TiB"},
		{194347270963, "194347270963", "181GiB"},
		{1 << 50, "1PiB", "1.00PiB"},
		{1 << 60, "1024PiB", "1024PiB"},
		{1<<63 - 1, "9223372036854775807", "8192PiB"},
	}
	for _, test := range tests {
		if got := ExactBytes(test.n); got != test.exact {
			t.Errorf("%d is exactly %s, want %s", test.n, got, test.exact)
		}
		if got := AboutBytes(test.n); got != test.about {
			t.Errorf("%d is about %s, want %s", test.n, got, test.about)
		}
	}
	if got := (Size{Managed: true}).String(); got != "none" {
		t.Errorf("a size without a limit is %q", got)
	}
}
