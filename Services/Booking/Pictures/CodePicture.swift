import CQREncode

/// A text as a QR code (ISO/IEC 18004), a square of dark and light modules.
struct CodePicture: Sendable, Hashable {
    /// What it says.
    let text: String
    /// Modules a side, without the margin.
    let width: Int
    /// Row by row, whether a module is dark.
    private let modules: [Bool]

    /// Light modules around the code that readers need.
    static let margin = 4

    /// Nil for a text that no code can hold; a ticket's is far from that.
    ///
    /// Error correction M: a code of which 15 % are worn off is still read.
    init?(_ text: String) {
        guard !text.isEmpty, let code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1) else { return nil }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        guard let data = code.pointee.data, width > 0 else { return nil }
        self.text = text
        self.width = width
        // The lowest bit of a module says whether it is dark.
        modules = UnsafeBufferPointer(start: data, count: width * width).map { $0 & 1 == 1 }
    }

    /// Whether a module is dark; those of the margin are not.
    func isDark(row: Int, column: Int) -> Bool {
        guard (0..<width).contains(row), (0..<width).contains(column) else { return false }
        return modules[row * width + column]
    }
}
