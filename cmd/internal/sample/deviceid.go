package sample

// serialBits is the part of a device identifier that tells devices apart.
const serialBits = 40

// stride leads from one serial number to the next. Being odd, it leads through
// all of them before one comes again, and neighbours do not look alike.
const stride = 0x9e3779b97f4a7c15

func (g *generator) nextSerial() uint64 {
	g.serial += stride
	return g.serial
}

// appendDeviceID appends an EUI-64 as eight pairs of hexadecimal digits: the
// manufacturer's three and five of the serial number.
func appendDeviceID(b []byte, prefix string, serial uint64) []byte {
	const hex = "0123456789ABCDEF"
	b = append(b, prefix...)
	for shift := serialBits - 8; shift >= 0; shift -= 8 {
		pair := serial >> shift
		b = append(b, '-', hex[pair>>4&15], hex[pair&15])
	}
	return b
}
