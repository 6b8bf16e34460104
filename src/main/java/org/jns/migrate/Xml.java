// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.jns.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;
import org.xml.sax.ext.DefaultHandler2;

/**
 * Reads an XML file into elements with line numbers. Opens no other file, and expands only the five entities of XML
 * itself.
 */
final class Xml extends DefaultHandler2 {

    private static final int MAX_DEPTH = 50;

    /** Ends the reading. */
    private static final class Refused extends SAXException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** The file is no XML, or has parts that jns refuses to read. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
        private final int line;

        Malformed(int line, String message) {
            super(message, null, false, false);
            this.line = line;
        }

        int line() {
            return line;
        }
    }

    /** The content of an element: another element, text, or a comment. */
    sealed interface Node {
        int line();
    }

    record Text(int line, String text) implements Node {}

    record Comment(int line, String text) implements Node {}

    /**
     * @param attributes in the order of the file
     */
    record Element(int line, String name, Map<String, String> attributes, List<Node> content) implements Node {

        List<Element> elements() {
            return content.stream()
                    .filter(Element.class::isInstance)
                    .map(Element.class::cast)
                    .toList();
        }

        /** The text of the element up to its first child or comment. */
        String text() {
            return content.isEmpty() || !(content.get(0) instanceof Text text) ? "" : text.text();
        }

        /** The element on one line, without its comments. */
        String shown() {
            StringBuilder shown = new StringBuilder("<").append(name);
            attributes.forEach((key, value) -> shown.append(' ')
                    .append(key)
                    .append("=\"")
                    .append(escaped(value))
                    .append('"'));
            if (content.isEmpty()) {
                return shown.append(" />").toString();
            }
            shown.append('>');
            for (Node node : content) {
                if (node instanceof Element element) {
                    shown.append(element.shown());
                } else if (node instanceof Text text) {
                    shown.append(escaped(text.text().isBlank() ? " " : text.text()));
                }
            }
            return shown.append("</").append(name).append('>').toString();
        }

        private static String escaped(String text) {
            return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
        }
    }

    private final List<Node> content = new ArrayList<>();
    private final Deque<Element> open = new ArrayDeque<>();
    private final StringBuilder characters = new StringBuilder();
    private @Nullable Locator place;
    /** The end of the last event, and so the beginning of this one; the parser reports only ends. */
    private int line = 1;

    private int textEnd = 1;

    private Xml() {}

    /** The root element and the comments around it. */
    static List<Node> read(String text) throws Malformed {
        refuseDeclarations(text);
        Xml xml = new Xml();
        try {
            SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            XMLReader reader = factory.newSAXParser().getXMLReader();
            reader.setProperty("http://xml.org/sax/properties/lexical-handler", xml);
            reader.setContentHandler(xml);
            reader.setEntityResolver(xml);
            reader.setErrorHandler(xml);
            reader.parse(new InputSource(new StringReader(text)));
            return xml.content;
        } catch (Refused e) {
            throw new Malformed(xml.line, e.getMessage());
        } catch (SAXParseException e) {
            throw new Malformed(
                    Math.max(1, e.getLineNumber()),
                    "this is no sound XML: " + String.valueOf(e.getMessage()).replaceFirst("\\.$", ""));
        } catch (SAXException | IOException | ParserConfigurationException e) {
            throw new Malformed(xml.line, "this cannot be read as XML: " + e.getMessage());
        }
    }

    @Override
    public void setDocumentLocator(Locator locator) {
        place = locator;
    }

    @Override
    public void startElement(String uri, String local, String name, Attributes found) throws Refused {
        endText();
        if (open.size() >= MAX_DEPTH) {
            throw new Refused("elements are nested deeper than " + MAX_DEPTH);
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < found.getLength(); i++) {
            attributes.put(found.getQName(i), found.getValue(i));
        }
        Element element = new Element(line, name, Collections.unmodifiableMap(attributes), new ArrayList<>());
        add(element);
        open.push(element);
        ended();
    }

    @Override
    public void endElement(String uri, String local, String name) {
        endText();
        open.pop();
        ended();
    }

    @Override
    public void characters(char[] chars, int start, int length) {
        characters.append(chars, start, length);
        if (place != null) {
            textEnd = place.getLineNumber();
        }
    }

    @Override
    public void comment(char[] chars, int start, int length) {
        endText();
        add(new Comment(line, new String(chars, start, length)));
        ended();
    }

    @Override
    public void processingInstruction(String target, String data) {
        endText();
        ended();
    }

    @Override
    public void startDTD(String name, String publicId, String systemId) {
        ended();
    }

    @Override
    public void endDTD() {
        ended();
    }

    @Override
    public InputSource resolveEntity(String name, String publicId, String baseUri, String systemId) {
        return new InputSource(new StringReader(""));
    }

    @Override
    public void skippedEntity(String name) throws Refused {
        throw new Refused("an entity is used that is not declared: " + name);
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
        throw e;
    }

    /**
     * Usually this names a DTD, which need not be read. Declarations in the file itself could change its elements,
     * include the content of another file, or expand to a billion elements. Only comments and processing instructions
     * can precede them.
     */
    private static void refuseDeclarations(String text) throws Malformed {
        int at = 0;
        while (at < text.length()) {
            String end = text.startsWith("<!--", at) ? "-->" : text.startsWith("<?", at) ? "?>" : "";
            if (!end.isEmpty()) {
                int found = text.indexOf(end, at + 2);
                at = found < 0 ? text.length() : found + end.length();
            } else if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else {
                break;
            }
        }
        if (!text.startsWith("<!DOCTYPE", at)) {
            return;
        }
        int line =
                1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
        char quote = 0;
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '[') {
                throw new Malformed(
                        line,
                        "the file declares entities or attributes of its own (<!DOCTYPE ... [), which are not read");
            } else if (c == '>') {
                return;
            }
        }
        throw new Malformed(line, "<!DOCTYPE has no end");
    }

    private void endText() {
        if (characters.length() > 0) {
            add(new Text(line, characters.toString()));
            characters.setLength(0);
            line = textEnd;
        }
    }

    private void ended() {
        line = Math.max(1, place == null ? 1 : place.getLineNumber());
    }

    private void add(Node node) {
        if (open.isEmpty()) {
            content.add(node);
        } else {
            open.peek().content().add(node);
        }
    }
}
