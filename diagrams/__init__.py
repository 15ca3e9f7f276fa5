"""What draws `images/`: architecture diagrams from the synthesized templates, README pictures.

python -m diagrams.draw
"""
