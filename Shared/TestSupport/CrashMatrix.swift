/// What became of each cell of a matrix of deaths, as a table for people.
package struct CrashMatrix: CustomStringConvertible {
    private let columns: [String]
    private var rows: [(name: String, cells: [String: String])] = []

    package init(columns: [String]) {
        self.columns = columns
    }

    package subscript(row: String, column: String) -> String {
        get { rows.first { $0.name == row }?.cells[column] ?? "" }
        set {
            if let index = rows.firstIndex(where: { $0.name == row }) {
                rows[index].cells[column] = newValue
            } else {
                rows.append((row, [column: newValue]))
            }
        }
    }

    package var description: String {
        let table = [[""] + columns] + rows.map { row in [row.name] + columns.map { row.cells[$0] ?? "" } }
        let widths = (0...columns.count).map { column in table.map { $0[column].count }.max() ?? 0 }
        return table.map { row in
            zip(row, widths).map { text, width in text + String(repeating: " ", count: width - text.count) }
                .joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
