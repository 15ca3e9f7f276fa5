"""The pictures of the workshop: architecture diagrams, drawn from the synthesized templates.

python -m images.draw
"""
