import ServiceKit

extension CodePicture {
    /// The code as SVG, in units of a module; with a title and the text, for those who hear it read out.
    func svg(title: String) -> String {
        let side = width + 2 * Self.margin
        var path = ""
        for row in 0..<width {
            var column = 0
            while column < width {
                guard isDark(row: row, column: column) else {
                    column += 1
                    continue
                }
                let start = column
                while isDark(row: row, column: column) { column += 1 }
                path += "M\(start + Self.margin) \(row + Self.margin)h\(column - start)v1h-\(column - start)z"
            }
        }
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" width="\(side * Self.svgScale)" \
            height="\(side * Self.svgScale)" shape-rendering="crispEdges" role="img"><title>
            """
        svg.append(htmlEscaping: title)
        svg += "</title><desc>"
        svg.append(htmlEscaping: text)
        return svg
            + "</desc><path fill=\"#fff\" d=\"M0 0h\(side)v\(side)h-\(side)z\"/><path d=\"\(path)\"/></svg>\n"
    }

    /// Pixels a side of a module, where nothing else says how large the picture is.
    private static let svgScale = 8
}
