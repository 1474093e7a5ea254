extension String {
    /// Appends `text` so that a page shows it and never runs it, inside an element or inside quotation marks.
    package mutating func append(htmlEscaping text: some StringProtocol) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": self += "&amp;"
            case "<": self += "&lt;"
            case ">": self += "&gt;"
            case "\"": self += "&quot;"
            case "'": self += "&#39;"
            default: unicodeScalars.append(scalar)
            }
        }
    }
}
