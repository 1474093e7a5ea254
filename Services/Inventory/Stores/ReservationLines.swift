import DatabaseKit

/// The lines of a reservation as one text column: `TYPE:PRICE:QUANTITY:SEAT,SEAT;…`.
///
/// A reservation is read and written as a whole, so its lines need no table of their own; this text is made on the
/// one thread that writes, where a JSON encoder would be the costliest step. Ids and seat numbers contain none of the
/// separators, which is checked where they enter.
enum ReservationLines {
    static func encode(_ lines: [Reservation.Line]) -> String {
        lines.map { line in
            "\(line.ticketTypeID):\(line.unitPriceMinorUnits):\(line.quantity):"
                + line.seatNumbers.joined(separator: ",")
        }.joined(separator: ";")
    }

    static func decode(_ text: String) throws(DatabaseError) -> [Reservation.Line] {
        var lines: [Reservation.Line] = []
        for record in text.split(separator: ";") {
            let fields = record.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 4, let price = Int64(fields[1]), let quantity = Int(fields[2]) else {
                throw DatabaseError(.decoding, "column \"lines\" holds no reservation lines")
            }
            lines.append(
                Reservation.Line(
                    ticketTypeID: String(fields[0]), unitPriceMinorUnits: price, quantity: quantity,
                    seatNumbers: fields[3].split(separator: ",").map(String.init)))
        }
        return lines
    }
}
