package sample

import "github.com/mp196/ivp/ivp"

// model is a device as its maker sells it. None exists: no manufacturer on the
// Central Products List has an identifier that begins with E.
type model struct {
	manufacturer, name, hardware string
	kind                         string         // the device type as it is written
	listed                       ivp.DeviceType // the type whose pairs it may hold
	share                        int            // how common it is, in thousandths or so
	spelling                     spelling
	noGBCS                       bool // its GBCS cell is always blank
}

const (
	hubName       = "Communications Hub"
	gasName       = "Gas Smart Meter"
	singleName    = "Single Element Electricity Metering Equipment"
	twinName      = "Twin Element Electricity Metering Equipment"
	polyphaseName = "Polyphase Electricity Metering Equipment"
	switchName    = "HAN Connected Auxiliary Load Control Switch"
	interfaceName = "Pre-Payment Interface Device"
)

var models = []model{
	{"E1A4", "0041", "00AC", "ESME", ivp.SingleElement, 70, plain, false},
	{"E1A4", "0042", "00AD", "ESME", ivp.SingleElement, 50, plain, false},
	{"E20B", "1F07", "0100", "ESME", ivp.SingleElement, 60, bare, false},
	{"E20B", "1F08", "0101", "ESME", ivp.SingleElement, 40, bare, false},
	{"E2C7", "5512", "0003", "ESME", ivp.SingleElement, 50, official, false},
	{"E35D", "A001", "0010", "ESME", ivp.SingleElement, 40, number, false},
	{"E3F0", "00E1", "001E", "ESME", ivp.SingleElement, 40, trailing, false},
	{"E48A", "7730", "0200", singleName, ivp.SingleElement, 12, plain, false},
	{"E1A4", "0047", "00AC", "ESME", ivp.TwinElement, 15, plain, false},
	{"E20B", "1F17", "0100", twinName, ivp.TwinElement, 5, trailing, false},
	{"E2C7", "5521", "0003", "ESME", ivp.Polyphase, 12, official, false},
	{"E48A", "7733", "0200", polyphaseName, ivp.Polyphase, 5, plain, false},
	{"E35D", "A0F1", "0010", "SAPC", ivp.SingleElement, 3, official, false},

	{"E1A4", "0061", "00B0", "GSME", ivp.GSME, 60, plain, false},
	{"E1A4", "0062", "00B1", "GSME", ivp.GSME, 50, plain, false},
	{"E20B", "2A01", "0110", "GSME", ivp.GSME, 50, bare, false},
	{"E2C7", "5601", "0004", "GSME", ivp.GSME, 40, official, false},
	{"E35D", "A101", "0012", "GSME", ivp.GSME, 30, number, false},
	{"E3F0", "01E2", "001F", "GSME", ivp.GSME, 30, trailing, false},
	{"E48A", "7740", "0201", gasName, ivp.GSME, 20, plain, false},
	{"E48A", "7741", "0202", gasName, ivp.GSME, 15, trailing, false},

	{"E51C", "4331", "00AC", "CHF", ivp.CommunicationsHub, 45, plain, false},
	{"E51C", "4331", "00AC", "GPF", ivp.CommunicationsHub, 45, plain, false},
	{"E51C", "4332", "00AD", "CHF", ivp.CommunicationsHub, 25, bare, false},
	{"E51C", "4332", "00AD", "GPF", ivp.CommunicationsHub, 25, bare, false},
	{"E5E6", "0E10", "0020", "CHF", ivp.CommunicationsHub, 20, official, false},
	{"E5E6", "0E10", "0020", "GPF", ivp.CommunicationsHub, 20, official, false},
	{"E51C", "4431", "00AE", hubName, ivp.CommunicationsHub, 25, trailing, false},
	{"E5E6", "0E11", "0021", hubName, ivp.CommunicationsHub, 15, plain, false},

	{"E35D", "B001", "0001", "HCALCS", ivp.HCALCS, 6, official, false},
	{"E2C7", "5701", "0001", "HCALCS", ivp.HCALCS, 4, plain, false},
	{"E48A", "7790", "0001", switchName, ivp.HCALCS, 2, trailing, false},

	{"E3F0", "0901", "0030", "PPMID", ivp.PPMID, 20, plain, false},
	{"E3F0", "0902", "0031", "PPMID", ivp.PPMID, 15, bare, false},
	{"E64F", "C001", "0002", "PPMID", ivp.PPMID, 15, official, false},
	{"E64F", "C002", "0003", interfaceName, ivp.PPMID, 5, trailing, false},

	// No pair on record is for these types: an inventory holds some all the
	// same, with the versions of the devices they came with.
	{"E64F", "D001", "0001", "IHD", ivp.PPMID, 8, plain, true},
	{"E64F", "D002", "0002", "IHD", ivp.PPMID, 4, official, true},
	{"E35D", "D101", "0001", "CAD", ivp.PPMID, 2, plain, true},
}
